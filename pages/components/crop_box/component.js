// A picture on which a rectangle is drawn with mouse, pen or finger.

export default define((parent, host) => {
  const root = parent.querySelector(".crop")
  const image = root.querySelector("img")
  let known = null // the rectangle that Python knows
  let start = null // where a rectangle begins that is just being drawn
  const place = (event) => {
    const box = image.getBoundingClientRect()
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]
  }
  root.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    try {
      root.setPointerCapture(event.pointerId)
    } catch {
      // The finger was lifted in the meantime.
    }
    start = place(event)
  }
  root.onpointermove = (event) => {
    if (start) show(root, between(start, place(event)))
  }
  root.onpointerup = (event) => {
    if (!start) return
    const box = between(start, place(event)).map((value) => Math.round(value * 1000) / 1000)
    start = null
    // A mere click takes the rectangle away.
    const chosen = box[2] > 0.03 && box[3] > 0.03 ? box : null
    show(root, chosen)
    host.setStateValue("box", chosen)
  }
  root.onpointercancel = () => {
    start = null
    show(root, known)
  }
  return ({ picture, box }) => {
    if (image.getAttribute("src") !== picture) image.src = picture
    known = box
    if (!start) show(root, box)
  }
})

function share(value, from, length) {
  return Math.min(1, Math.max(0, (value - from) / length))
}

function between([x, y], [u, v]) {
  return [Math.min(x, u), Math.min(y, v), Math.abs(u - x), Math.abs(v - y)]
}

function show(root, box) {
  const frame = root.querySelector(".frame")
  frame.hidden = !box
  if (!box) return
  const [left, top, width, height] = box.map((value) => `${value * 100}%`)
  Object.assign(frame.style, { left, top, width, height })
}
