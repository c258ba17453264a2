// While nobody has touched a page since it was entered, what is added to the history is the page
// completing its own address: that takes the place of the address it was entered by.

export default define(() => ({ language }) => {
  // For screen readers, hyphens and the browser's offer to translate.
  document.documentElement.lang = language
  if (window.addressBar) return
  window.addressBar = true
  let touched = false
  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, () => (touched = true), { capture: true })
  }
  const add = history.pushState
  history.pushState = (state, title, url) => {
    const entered = new URL(url, location).pathname !== location.pathname
    if (entered) touched = false
    const write = entered || touched ? add : history.replaceState
    write.call(history, state, title, url)
  }
})
