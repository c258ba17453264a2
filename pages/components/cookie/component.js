// Keeps a value in a cookie. If there is one that fits `unless`, that one stays and is reported.

export default define((_root, host) => ({ name, value, unless }) => {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))
  const kept = found?.slice(name.length + 1)
  if (kept && kept !== value && unless && new RegExp(`^(?:${unless})$`).test(kept)) {
    host.setStateValue("kept", kept)
    return
  }
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`
})
