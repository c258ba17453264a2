export default function ({ data, parentElement }) {
  const drawing = parentElement.querySelector(".drawing")
  if (drawing.shown !== data.svg) drawing.innerHTML = drawing.shown = data.svg
}
