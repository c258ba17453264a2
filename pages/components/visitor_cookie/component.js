// Keeps the visitor's id in a cookie. If another tab of this browser got there first, its id wins
// and is reported back.

export default define((_root, host) => ({ name, id }) => {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))
  const kept = found?.slice(name.length + 1)
  if (kept && kept !== id && /^[A-Za-z0-9_-]{22}$/.test(kept)) {
    host.setStateValue("kept", kept)
    return
  }
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${name}=${id}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`
})
