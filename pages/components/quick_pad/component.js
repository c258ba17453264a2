// The quick sketch pad. The drawing is a list of steps, kept in this browser tab, so that it
// survives a page switch and a refresh; what is sent is a small picture, while the stroke is
// still being drawn. One picture is under way at a time, the next one waits for its answer.

const SIDE = 560 // pixels of the paper; the page scales it
const SENT = 280 // pixels of what is sent
const STORE = "fashion-mnist-lab.quick-pad"
const PATIENCE = 800 // ms after which an answer is taken for lost
const PAUSE = 50 // ms between two pictures of one stroke, so that the page can breathe
const SAME = 90 // grey levels by which the ground of a fill may differ

const pads = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pad")
  if (!root || !data) return
  if (!pads.has(root)) pads.set(root, new Pad(root))
  const pad = pads.get(root)
  pad.emit = (drawing) => setStateValue("drawing", drawing)
  pad.receive(data)
  return () => pad.leave()
}

class Pad {
  constructor(root) {
    this.root = root
    this.paper = root.querySelector("canvas")
    this.paper.width = this.paper.height = SIDE
    this.context = this.paper.getContext("2d", { willReadFrequently: true })
    this.small = document.createElement("canvas")
    this.small.width = this.small.height = SENT
    this.choice = { tool: "brush", width: 22, ink: 0 }
    this.number = Date.now() // grows over refreshes too, so that an old answer is never taken
    this.sent = 0
    this.seen = 0
    this.steps = this.recall()
    this.undone = []
    this.bind()
    this.redraw()
  }

  // Talking to the server

  receive({ seen, ghost }) {
    if (ghost !== this.ghost) {
      this.ghost = ghost
      const image = this.root.querySelector(".ghost")
      image.hidden = !ghost
      if (ghost) image.src = ghost
      else image.removeAttribute("src")
    }
    this.seen = seen
    if (!this.greeted) {
      this.greeted = true
      // After a page switch or a refresh the server has forgotten the drawing.
      if (this.steps.length && !seen) this.send()
    }
    if (this.waiting && this.seen >= this.sent) {
      this.waiting = false
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.live(), PAUSE)
    }
  }

  send() {
    this.changed = false
    this.waiting = false
    clearTimeout(this.timer)
    this.number += 1
    this.sent = this.number
    this.root.dataset.number = this.number
    this.sentAt = performance.now()
    this.emit({ number: this.number, picture: this.steps.length ? this.picture() : "" })
  }

  live() {
    if (!this.changed) return
    if (this.seen < this.sent && performance.now() - this.sentAt < PATIENCE) this.waiting = true
    else this.send()
  }

  picture() {
    const context = this.small.getContext("2d")
    context.drawImage(this.paper, 0, 0, SENT, SENT)
    return this.small.toDataURL("image/png")
  }

  leave() {
    clearTimeout(this.timer)
    this.observer?.disconnect()
  }

  // What is drawn

  recall() {
    try {
      const steps = JSON.parse(sessionStorage.getItem(STORE) ?? "[]")
      return Array.isArray(steps) ? steps : []
    } catch {
      return []
    }
  }

  keep() {
    try {
      sessionStorage.setItem(STORE, JSON.stringify(this.steps))
    } catch {
      // A full or forbidden store costs the memory of the drawing, not the drawing.
    }
    this.show()
  }

  finish() {
    this.undone = []
    this.keep()
    // Often the last picture of the stroke is under way already, and its answer is the final one.
    if (this.changed) this.send()
  }

  redraw() {
    this.context.fillStyle = "#fff"
    this.context.fillRect(0, 0, SIDE, SIDE)
    for (const step of this.steps) this.draw(step)
    this.show()
  }

  draw(step) {
    this.changed = true
    if (step.fill) fill(this.context, ...step.fill, step.ink)
    else for (let at = 0; at < step.points.length; at += 2) this.line(step, at)
  }

  // From the point before `at` to the one there; the first point of a stroke is a dot.
  line({ points, width, ink }, at) {
    this.changed = true
    const from = Math.max(0, at - 2)
    this.context.strokeStyle = grey(ink)
    this.context.lineWidth = width
    this.context.lineCap = this.context.lineJoin = "round"
    this.context.beginPath()
    this.context.moveTo(points[from], points[from + 1])
    this.context.lineTo(points[at], points[at + 1] + (at ? 0 : 0.01))
    this.context.stroke()
  }

  // Hands

  bind() {
    const { paper } = this
    paper.onpointerdown = (event) => this.down(event)
    paper.onpointermove = (event) => this.move(event)
    paper.onpointerup = paper.onpointercancel = (event) => this.up(event)
    paper.onpointerenter = (event) => this.cursor(event)
    paper.onpointerleave = () => this.root.querySelector(".cursor").setAttribute("hidden", "")
    paper.oncontextmenu = (event) => event.preventDefault()
    for (const button of this.root.querySelectorAll("[data-set]")) {
      const [name, value] = button.dataset.set.split(":")
      button.onclick = () => {
        this.choice[name] = name === "tool" ? value : Number(value)
        if (name === "ink" && this.choice.tool === "eraser") this.choice.tool = "brush"
        this.show()
      }
    }
    this.root.querySelector("[data-do=undo]").onclick = () => this.undo()
    this.root.querySelector("[data-do=redo]").onclick = () => this.redo()
    this.root.querySelector("[data-do=clear]").onclick = () => this.clear()
    this.root.onkeydown = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
      event.preventDefault()
      event.shiftKey ? this.redo() : this.undo()
    }
  }

  place(event) {
    const box = this.paper.getBoundingClientRect()
    const scale = SIDE / box.width
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale].map((value) =>
      Math.round(value),
    )
  }

  down(event) {
    // A second finger and the right mouse button draw nothing.
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    this.root.focus({ preventScroll: true })
    const [x, y] = this.place(event)
    const { tool, width, ink } = this.choice
    if (tool === "fill") {
      const step = { fill: [x, y], ink }
      this.steps.push(step)
      this.draw(step)
      this.finish()
      return
    }
    paperCapture(this.paper, event.pointerId)
    this.stroke = { points: [x, y], width, ink: tool === "eraser" ? 255 : ink }
    this.steps.push(this.stroke)
    this.line(this.stroke, 0)
    this.show()
    this.live()
  }

  move(event) {
    this.cursor(event)
    if (!this.stroke || !event.isPrimary) return
    const passed = event.getCoalescedEvents?.() ?? []
    for (const point of passed.length ? passed : [event]) {
      const [x, y] = this.place(point)
      const { points } = this.stroke
      if (x === points.at(-2) && y === points.at(-1)) continue
      points.push(x, y)
      this.line(this.stroke, points.length - 2)
    }
    this.live()
  }

  up(event) {
    if (!this.stroke || !event.isPrimary) return
    this.stroke = undefined
    this.finish()
  }

  undo() {
    if (!this.steps.length || this.stroke) return
    this.undone.push(this.steps.pop())
    this.redraw()
    this.keep()
    this.send()
  }

  redo() {
    if (!this.undone.length || this.stroke) return
    const steps = this.undone.pop()
    this.steps = Array.isArray(steps) ? steps : [...this.steps, steps]
    this.redraw()
    this.keep()
    this.send()
  }

  // Clearing can be taken back like a step.
  clear() {
    if (!this.steps.length || this.stroke) return
    this.undone = [this.steps]
    this.steps = []
    this.redraw()
    this.keep()
    this.send()
  }

  // What the buttons and the pointer show

  show() {
    for (const button of this.root.querySelectorAll("[data-set]")) {
      const [name, value] = button.dataset.set.split(":")
      button.setAttribute("aria-pressed", String(String(this.choice[name]) === value))
    }
    this.root.querySelector("[data-do=undo]").disabled = !this.steps.length
    this.root.querySelector("[data-do=redo]").disabled = !this.undone.length
    this.root.querySelector("[data-do=clear]").disabled = !this.steps.length
    this.root.querySelector(".hint").hidden = this.steps.length > 0
    this.root.dataset.tool = this.choice.tool
  }

  cursor(event) {
    const mark = this.root.querySelector(".cursor")
    if (event.pointerType === "touch" || this.choice.tool === "fill") {
      mark.setAttribute("hidden", "")
      return
    }
    const box = this.paper.getBoundingClientRect()
    const size = (this.choice.width * box.width) / SIDE
    mark.removeAttribute("hidden")
    mark.style.width = mark.style.height = `${size}px`
    mark.style.transform =
      `translate(${event.clientX - box.left - size / 2}px, ${event.clientY - box.top - size / 2}px)`
  }
}

function grey(level) {
  return `rgb(${level}, ${level}, ${level})`
}

function paperCapture(paper, pointer) {
  try {
    paper.setPointerCapture(pointer)
  } catch {
    // The finger was lifted in the meantime, or the events come from a test.
  }
}

// Fill the even area around (x, y), and one pixel more, so that no pale seam is left at a line.
function fill(context, x, y, ink) {
  const image = context.getImageData(0, 0, SIDE, SIDE)
  const pixels = new Uint32Array(image.data.buffer)
  const ground = pixels[y * SIDE + x] & 255
  const inside = new Uint8Array(SIDE * SIDE)
  const like = (at) => !inside[at] && Math.abs((pixels[at] & 255) - ground) <= SAME
  const open = [y * SIDE + x]
  while (open.length) {
    let at = open.pop()
    if (!like(at)) continue
    const start = at - (at % SIDE)
    while (at > start && like(at - 1)) at -= 1
    let above = false
    let below = false
    for (; at < start + SIDE && like(at); at += 1) {
      inside[at] = 1
      const up = at >= SIDE && like(at - SIDE)
      const down = at < SIDE * (SIDE - 1) && like(at + SIDE)
      if (up && !above) open.push(at - SIDE)
      if (down && !below) open.push(at + SIDE)
      above = up
      below = down
    }
  }
  const value = (0xff000000 | (ink << 16) | (ink << 8) | ink) >>> 0
  for (let at = 0; at < inside.length; at += 1) {
    if (!inside[at]) continue
    const column = at % SIDE
    pixels[at] = value
    if (column > 0) pixels[at - 1] = value
    if (column < SIDE - 1) pixels[at + 1] = value
    if (at >= SIDE) pixels[at - SIDE] = value
    if (at < SIDE * (SIDE - 1)) pixels[at + SIDE] = value
  }
  context.putImageData(image, 0, 0)
}
