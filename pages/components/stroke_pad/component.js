// An image to draw one stroke on; a new stroke replaces the one before.

const SIDE = 28 // pixels of the image
const SCALE = 20 // of the canvas for each

export default define((root, host) => {
  const canvas = root.querySelector("canvas")
  const told = root.querySelector(".left")
  const context = canvas.getContext("2d")
  let known = {}
  let points = []
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
    const left = Math.max(0, known.longest - length())
    told.textContent = points.length
      ? `Ink for ${left.toFixed(0)} pixels left. A new stroke replaces this one.`
      : `Draw one stroke; the ink is enough for ${known.longest} pixels.`
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
  canvas.onpointermove = (event) => {
    if (!drawing) return
    const point = where(event)
    const last = points.at(-1)
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.4) return
    if (length() >= known.longest || points.length >= 400) return
    points.push(point)
    show()
  }
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!drawing) return
    drawing = false
    show()
    if (points.length > 1) host.setStateValue("stroke", { id: known.id, points })
  }
  return (data) => {
    const other = known.picture !== data.picture || known.id !== data.id
    known = data
    canvas.setAttribute("aria-label", data.label)
    if (other) {
      points = []
      image = new Image()
      image.onload = show
      image.src = data.picture
    } else if (image.complete) show()
  }
})
