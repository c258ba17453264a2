// A picture on which a rectangle is drawn with mouse, pen or finger.

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".crop")
  if (!root || !data) return
  const image = root.querySelector("img")
  if (image.getAttribute("src") !== data.picture) image.src = data.picture
  if (!root.dataset.dragging) show(root, data.box)
  const place = (event) => {
    const box = image.getBoundingClientRect()
    const share = (value, from, length) => Math.min(1, Math.max(0, (value - from) / length))
    return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)]
  }
  const between = ([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v), Math.abs(u - x), Math.abs(v - y)]
  root.onpointerdown = (event) => {
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    try {
      root.setPointerCapture(event.pointerId)
    } catch {
      // The finger was lifted in the meantime.
    }
    root.dataset.dragging = "yes"
    root.start = place(event)
  }
  root.onpointermove = (event) => {
    if (root.dataset.dragging) show(root, between(root.start, place(event)))
  }
  root.onpointerup = (event) => {
    if (!root.dataset.dragging) return
    delete root.dataset.dragging
    const box = between(root.start, place(event)).map((value) => Math.round(value * 1000) / 1000)
    // A mere click takes the rectangle away.
    const chosen = box[2] > 0.03 && box[3] > 0.03 ? box : null
    show(root, chosen)
    setStateValue("box", chosen)
  }
  root.onpointercancel = () => {
    delete root.dataset.dragging
    show(root, data.box)
  }
}

function show(root, box) {
  const frame = root.querySelector(".frame")
  frame.hidden = !box
  if (!box) return
  const [left, top, width, height] = box.map((value) => `${value * 100}%`)
  Object.assign(frame.style, { left, top, width, height })
}
