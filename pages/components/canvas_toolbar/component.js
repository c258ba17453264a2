// Keeps the toolbar of the drawable canvas in sight, above the paper. By itself it shows only under
// a mouse; on a touch screen it would stay invisible and still take taps at the paper's top edge.

const STYLE = `
  .dc-toolbar { opacity: 1 !important; top: -3.25rem !important; padding: 0 !important; }
  .dc-icon-button { padding: 0.625rem !important; }
  .dc-icon-button svg { width: 1.125rem !important; height: 1.125rem !important; }
`
const TRIES = 100

export default define((_root, host, signal) => (data) => {
  if (data.pinned !== data.canvas) pin(data.canvas, host, signal, TRIES)
})

function pin(canvas, host, signal, tries) {
  if (signal.aborted) return
  const toolbar = find(canvas)
  if (toolbar) {
    const root = toolbar.getRootNode()
    if (!root.querySelector("style.in-sight")) {
      const style = document.createElement("style")
      style.className = "in-sight"
      style.textContent = STYLE
      root.append(style)
    }
    host.setStateValue("pinned", canvas)
  } else if (tries > 0) {
    setTimeout(() => pin(canvas, host, signal, tries - 1), 20)
  }
}

function find(canvas) {
  for (const element of document.querySelectorAll(`.st-key-${canvas} *`)) {
    const toolbar = element.shadowRoot?.querySelector(".dc-toolbar")
    if (toolbar) return toolbar
  }
  return undefined
}
