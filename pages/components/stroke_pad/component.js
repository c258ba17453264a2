const pads = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas")
  if (!canvas || !data) return
  const pad = pads.get(canvas) ?? { points: [] }
  pads.set(canvas, pad)
  const told = parentElement.querySelector(".left")
  const context = canvas.getContext("2d")
  const paint = () => {
    context.imageSmoothingEnabled = false
    context.drawImage(pad.image, 0, 0, 560, 560)
    context.strokeStyle = data.ink > 127 ? "#fff" : "#000"
    context.lineWidth = data.width * 20
    context.lineCap = context.lineJoin = "round"
    context.beginPath()
    pad.points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x * 20, y * 20))
    context.stroke()
  }
  const length = () => pad.points.reduce((sum, [x, y], i) =>
    i ? sum + Math.hypot(x - pad.points[i - 1][0], y - pad.points[i - 1][1]) : 0, 0)
  const say = () => {
    const left = Math.max(0, data.longest - length())
    told.textContent = pad.points.length
      ? `Ink for ${left.toFixed(0)} pixels left. A new stroke replaces this one.`
      : `Draw one stroke; the ink is enough for ${data.longest} pixels.`
  }
  canvas.setAttribute("aria-label", data.label)
  if (pad.source !== data.picture || pad.id !== data.id) {
    pad.points = []
    pad.id = data.id
    pad.source = data.picture
    pad.image = new Image()
    pad.image.onload = paint
    pad.image.src = data.picture
  } else if (pad.image.complete) paint()
  say()
  const where = (event) => [event.offsetX, event.offsetY].map((value) =>
    Math.round((value / canvas.clientWidth) * 28 * 100) / 100)
  const send = () => setStateValue("stroke", { id: data.id, points: pad.points })
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId)
    pad.points = [where(event)]
    pad.drawing = true
  }
  canvas.onpointermove = (event) => {
    if (!pad.drawing) return
    const point = where(event), last = pad.points.at(-1)
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.4) return
    if (length() >= data.longest || pad.points.length >= 400) return
    pad.points.push(point)
    paint()
    say()
  }
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!pad.drawing) return
    pad.drawing = false
    paint()
    say()
    if (pad.points.length > 1) send()
  }
}
