// The SVG that Python has drawn, put in anew only where it has changed.

export default define((parent) => {
  const drawing = parent.querySelector(".drawing")
  let shown
  return ({ svg }) => {
    if (shown !== svg) drawing.innerHTML = shown = svg
  }
})
