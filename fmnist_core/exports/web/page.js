// The page: a sheet to draw on, and what the network says to it.

const SHEET = 280
const STEP = SHEET / 28 // an arrow key moves the pen by a pixel of what the network sees
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

class Sheet {
  // `changed()` is called after every stroke and correction.
  constructor(canvas, changed) {
    this.canvas = canvas
    this.changed = changed
    this.context = canvas.getContext("2d", { willReadFrequently: true })
    this.strokes = []
    this.pen = [SHEET / 2, SHEET / 2] // where the keys draw
    this.redraw()
    canvas.onkeydown = (event) => this.key(event)
    canvas.onblur = () => this.up()
    canvas.onpointerdown = (event) => this.down(event)
    canvas.onpointermove = (event) => this.move(event)
    canvas.onpointerup = canvas.onpointercancel = () => this.up()
  }

  get levels() {
    const { data } = this.context.getImageData(0, 0, SHEET, SHEET)
    return Uint8Array.from({ length: SHEET * SHEET }, (_, place) => data[4 * place])
  }

  down(event) {
    if (!event.isPrimary || event.button) return
    event.preventDefault()
    this.canvas.setPointerCapture?.(event.pointerId)
    this.stroke = [this.place(event)]
    this.strokes.push(this.stroke)
    this.draw(this.stroke)
  }

  move(event) {
    if (!this.stroke || !event.isPrimary) return
    this.stroke.push(this.place(event))
    this.draw(this.stroke.slice(-2))
  }

  up() {
    if (!this.stroke) return
    this.stroke = undefined
    this.changed()
  }

  // Arrow keys move the pen; Space puts it down and lifts it again.
  key(event) {
    const way = ARROWS[event.key]
    if (!way && event.key !== " ") return
    event.preventDefault()
    if (way) {
      this.pen = this.pen.map((value, axis) =>
        Math.min(SHEET, Math.max(0, value + way[axis] * STEP)),
      )
      if (this.stroke) {
        this.stroke.push(this.pen)
        this.draw(this.stroke.slice(-2))
      }
    } else if (this.stroke) this.up()
    else {
      this.stroke = [this.pen]
      this.strokes.push(this.stroke)
      this.draw(this.stroke)
    }
    const [column, row] = this.pen.map((value) => Math.round(value / STEP))
    const mark = this.canvas.nextElementSibling
    mark.style.left = `${(100 * this.pen[0]) / SHEET}%`
    mark.style.top = `${(100 * this.pen[1]) / SHEET}%`
    mark.textContent = `Pen ${this.stroke ? "down" : "up"}, column ${column}, row ${row} of 28`
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top].map(
      (value) => (value * SHEET) / box.width,
    )
  }

  draw([[x, y], ...others]) {
    const { context } = this
    context.lineWidth = 11
    context.lineCap = context.lineJoin = "round"
    context.beginPath()
    context.moveTo(x, y)
    for (const point of others.length ? others : [[x, y + 0.01]]) context.lineTo(...point)
    context.stroke()
  }

  redraw() {
    this.context.fillStyle = "#fff"
    this.context.fillRect(0, 0, SHEET, SHEET)
    for (const stroke of this.strokes) this.draw(stroke)
  }

  undo() {
    this.strokes.pop()
    this.redraw()
    this.changed()
  }

  clear() {
    this.strokes = []
    this.redraw()
    this.changed()
  }
}

class Lab {
  constructor({ model, classes, preparation }, weights) {
    this.classes = classes
    this.network = new Network(model, weights)
    this.preparation = new Preparation(preparation)
  }

  // What the network says to the grey levels of a square sheet: { image, probabilities }, or nothing
  // where nothing is drawn.
  answer(levels, side = SHEET) {
    const readings = this.preparation.readings(levels, side)
    if (!readings.length) return undefined
    const rows = readings.map((image) => this.network.probabilities(image))
    return { image: readings[0], readings, probabilities: vote(rows) }
  }
}

function show(lab, sheet) {
  const found = sheet.strokes.length ? lab.answer(sheet.levels) : undefined
  document.querySelector("#undo").disabled = !sheet.strokes.length
  document.querySelector("#clear").disabled = !sheet.strokes.length
  const rows = document.querySelectorAll("#answers li")
  const order = lab.classes.map((_, at) => at)
  if (found) order.sort((one, other) => found.probabilities[other] - found.probabilities[one])
  rows.forEach((row, place) => {
    const share = found?.probabilities[order[place]] ?? 0
    row.querySelector(".name").textContent = lab.classes[order[place]]
    row.querySelector(".share").textContent = found ? `${(100 * share).toFixed(1)} %` : ""
    row.querySelector(".bar").style.width = `${100 * share}%`
  })
  document.querySelector("#said").textContent = found
    ? `It looks like: ${lab.classes[order[0]]}`
    : "Draw a piece of clothing, a shoe or a bag"
  look(found?.image)
}

function look(image) {
  const canvas = document.querySelector("#seen")
  const context = canvas.getContext("2d")
  const pixels = context.createImageData(SIDE, SIDE)
  for (let at = 0; at < SIDE * SIDE; at += 1) {
    pixels.data.fill(image?.[at] ?? 0, 4 * at, 4 * at + 3)
    pixels.data[4 * at + 3] = 255
  }
  context.putImageData(pixels, 0, 0)
}

function numbers(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.codePointAt(0))
  return new Float32Array(bytes.buffer)
}

function start() {
  const about = JSON.parse(document.querySelector("#about").textContent)
  const lab = new Lab(about, numbers(document.querySelector("#weights").textContent))
  const sheet = new Sheet(document.querySelector("#sheet"), () => show(lab, sheet))
  document.querySelector("#undo").addEventListener("click", () => sheet.undo())
  document.querySelector("#clear").addEventListener("click", () => sheet.clear())
  show(lab, sheet)
  globalThis.lab = lab // for whoever looks at it in the browser's console
}

start()
