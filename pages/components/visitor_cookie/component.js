export default function ({ data, setStateValue }) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(data.name + "="))
  const kept = found && found.slice(data.name.length + 1)
  if (kept && kept !== data.id && /^[A-Za-z0-9_-]{22}$/.test(kept)) {
    setStateValue("kept", kept)
    return
  }
  const secure = location.protocol === "https:" ? "; Secure" : ""
  document.cookie =
    `${data.name}=${data.id}; Path=/; Max-Age=31536000; SameSite=Strict${secure}`
}
