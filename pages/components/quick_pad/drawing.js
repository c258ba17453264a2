// The drawing: a list of steps, kept in this browser tab, so that it survives a page switch and a
// refresh.

const STORE = "fashion-mnist-lab.quick-pad"

class Drawing {
  constructor(paper, side) {
    this.side = paper.width = paper.height = side
    this.paper = paper
    this.context = paper.getContext("2d", { willReadFrequently: true })
    this.steps = recall()
    this.undone = []
    this.redraw()
  }

  get empty() {
    return !this.steps.length
  }

  // A PNG as a data URL, `side` pixels square; empty where nothing is drawn.
  picture(side) {
    if (this.empty) return ""
    this.small ??= Object.assign(document.createElement("canvas"), { width: side, height: side })
    this.small.getContext("2d").drawImage(this.paper, 0, 0, side, side)
    return this.small.toDataURL("image/png")
  }

  add(step) {
    this.steps.push(step)
    this.draw(step)
    return step
  }

  // Fill the area around a place; returns what is in the way, or nothing.
  fill(x, y, ink) {
    const problem = this.pour(x, y, ink)
    if (!problem) this.steps.push({ fill: [x, y], ink })
    return problem
  }

  extend(step, x, y) {
    const { points } = step
    if (x === points.at(-2) && y === points.at(-1)) return
    points.push(x, y)
    this.line(step, points.length - 2)
  }

  // A finished step ends what could be done again.
  finish() {
    this.undone = []
    this.keep()
  }

  undo() {
    this.undone.push(this.steps.pop())
    this.redraw()
    this.keep()
  }

  redo() {
    const steps = this.undone.pop()
    this.steps = Array.isArray(steps) ? steps : [...this.steps, steps]
    this.redraw()
    this.keep()
  }

  // Clearing can be taken back like a step.
  clear() {
    this.undone = [this.steps]
    this.steps = []
    this.redraw()
    this.keep()
  }

  keep() {
    try {
      sessionStorage.setItem(STORE, JSON.stringify(this.steps))
    } catch {
      // A full or forbidden store costs the memory of the drawing, not the drawing.
    }
  }

  redraw() {
    this.context.fillStyle = "#fff"
    this.context.fillRect(0, 0, this.side, this.side)
    for (const step of this.steps) this.draw(step)
  }

  draw(step) {
    if (step.fill) this.pour(...step.fill, step.ink)
    else for (let at = 0; at < step.points.length; at += 2) this.line(step, at)
  }

  // From the point before `at` to the one there; the first point of a stroke is a dot.
  line({ points, width, ink }, at) {
    const from = Math.max(0, at - 2)
    this.context.strokeStyle = `rgb(${ink}, ${ink}, ${ink})`
    this.context.lineWidth = width
    this.context.lineCap = this.context.lineJoin = "round"
    this.context.beginPath()
    this.context.moveTo(points[from], points[from + 1])
    this.context.lineTo(points[at], points[at + 1] + (at ? 0 : 0.01))
    this.context.stroke()
  }

  pour(x, y, ink) {
    const image = this.context.getImageData(0, 0, this.side, this.side)
    const pixels = new Uint32Array(image.data.buffer)
    const levels = Uint8Array.from(pixels, (pixel) => pixel & 255)
    const { inside, problem } = area(levels, this.side, x, y)
    if (problem) return problem
    const value = (0xff000000 | (ink << 16) | (ink << 8) | ink) >>> 0
    inside.forEach((filled, at) => {
      if (filled) pixels[at] = value
    })
    this.context.putImageData(image, 0, 0)
    return undefined
  }
}

function recall() {
  try {
    const steps = JSON.parse(sessionStorage.getItem(STORE) ?? "[]")
    return Array.isArray(steps) ? steps : []
  } catch {
    return []
  }
}
