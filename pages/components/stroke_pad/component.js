// An image to draw one stroke on, by pointer or keys; a new stroke replaces the one before.

const SIDE = 28 // pixels of the image
const SCALE = 20 // of the canvas for each
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export default define((root, host) => {
  const canvas = root.querySelector("canvas")
  const told = root.querySelector(".left")
  const context = canvas.getContext("2d")
  let known = {}
  let points = []
  let pen = [SIDE / 2, SIDE / 2] // where the keys draw
  let drawing = false
  let image = new Image()

  const length = () =>
    points.reduce(
      (sum, [x, y], at) =>
        at ? sum + Math.hypot(x - points[at - 1][0], y - points[at - 1][1]) : 0,
      0,
    )
  const show = () => {
    context.imageSmoothingEnabled = false
    context.drawImage(image, 0, 0, SIDE * SCALE, SIDE * SCALE)
    context.strokeStyle = known.ink > 127 ? "#fff" : "#000"
    context.lineWidth = known.width * SCALE
    context.lineCap = context.lineJoin = "round"
    context.beginPath()
    points.forEach(([x, y], at) => context[at ? "lineTo" : "moveTo"](x * SCALE, y * SCALE))
    context.stroke()
    if (canvas.matches(":focus-visible")) ring()
    const left = Math.max(0, known.longest - length())
    told.textContent = points.length
      ? say("Ink for {left} pixels left. A new stroke replaces this one.", {
          left: left.toFixed(0),
        })
      : say("Draw one stroke; the ink is enough for {longest} pixels.", { longest: known.longest })
  }
  const ring = () => {
    for (const [color, width] of [
      ["#000", 6],
      ["#fff", 2],
    ]) {
      context.strokeStyle = color
      context.lineWidth = width
      context.beginPath()
      context.arc(pen[0] * SCALE, pen[1] * SCALE, SCALE, 0, 2 * Math.PI)
      context.stroke()
    }
  }
  const where = (event) =>
    [event.offsetX, event.offsetY].map(
      (value) => Math.round((value / canvas.clientWidth) * SIDE * 100) / 100,
    )

  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId)
    points = [where(event)]
    drawing = true
  }
  const extend = (point) => {
    const last = points.at(-1)
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.4) return
    if (length() >= known.longest || points.length >= 400) return
    points.push(point)
    show()
  }
  canvas.onpointermove = (event) => {
    if (drawing && canvas.hasPointerCapture(event.pointerId)) extend(where(event))
  }
  const lift = () => {
    if (!drawing) return
    drawing = false
    show()
    if (points.length > 1) host.setStateValue("stroke", { id: known.id, points })
  }
  canvas.onpointerup = canvas.onpointercancel = lift
  // Arrow keys move the pen; Space puts it down and lifts it again.
  canvas.onkeydown = (event) => {
    const way = ARROWS[event.key]
    if (!way && event.key !== " ") return
    event.preventDefault()
    if (way) {
      pen = pen.map((value, axis) => Math.min(SIDE, Math.max(0, value + way[axis])))
      if (drawing) extend(pen)
    } else if (drawing) lift()
    else if (!event.repeat) {
      points = [pen]
      drawing = true
    }
    show()
  }
  canvas.onfocus = show
  canvas.onblur = () => {
    lift()
    show()
  }
  return (data) => {
    const other = known.picture !== data.picture || known.id !== data.id
    known = data
    canvas.setAttribute(
      "aria-label",
      say("{label}. Arrow keys move a pen, Space puts it down and lifts it.", {
        label: data.label,
      }),
    )
    if (other) {
      points = []
      image = new Image()
      image.onload = show
      image.src = data.picture
    } else if (image.complete) show()
  }
})
