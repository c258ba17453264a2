// Turns an addition to the history into a replacement, unless it leads to another place.

// A run that is watched is a place of its own; all other parameters are how a page is set.
const PLACES = ["run"]

export default define(() => () => {
  if (window.placesOnly) return
  window.placesOnly = true
  const add = history.pushState
  history.pushState = (state, title, url) => {
    const here = new URL(location)
    const there = new URL(url, here)
    const same =
      there.pathname === here.pathname &&
      PLACES.every((name) => there.searchParams.get(name) === here.searchParams.get(name))
    const write = same ? history.replaceState : add
    write.call(history, state, title, url)
  }
})
