// Tells of runs that have ended, and asks whether the browser may.

const TOLD = "runs-told"

export default define((root) => {
  const button = root.querySelector("button")
  button.onclick = async () => {
    await Notification.requestPermission()
    button.hidden = true
  }
  return ({ ended, offer }) => {
    const possible = "Notification" in window && Notification.permission === "default"
    button.hidden = !(offer && possible)
    const told = JSON.parse(sessionStorage.getItem(TOLD) ?? "[]")
    const fresh = Object.entries(ended).filter(([id]) => !told.includes(id))
    if (fresh.length === 0) return
    const ids = [...told, ...fresh.map(([id]) => id)]
    sessionStorage.setItem(TOLD, JSON.stringify(ids.slice(-100)))
    for (const [, words] of fresh) tell(words)
  }
})

function tell(words) {
  if (document.visibilityState === "visible") return
  const before = document.title
  document.title = `✓ ${words}`
  const restore = () => {
    if (document.visibilityState === "visible") document.title = before
  }
  document.addEventListener("visibilitychange", restore, { once: true })
  try {
    notify(words)
  } catch {
    // On phones a page may not, whatever the permission: the title has said it.
  }
}

function notify(words) {
  if (Notification.permission !== "granted") return
  const notice = new Notification("Fashion-MNIST Lab", { body: words })
  notice.addEventListener("click", () => window.focus())
}
