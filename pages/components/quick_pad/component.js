// The quick sketch pad: pointer, keys, buttons, and what they show.

const SIDE = 560 // pixels of the paper; the page scales it
const SENT = 280 // pixels of what is sent
const STEP = SIDE / 28 // an arrow key moves the pen by a pixel of the image that the network gets
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const PROBLEMS = {
  line: say("That is a line. Tap the area inside it."),
  open: say("Nothing encloses this place. Close the outline, then fill it."),
}

export default define((parent, host, signal) => {
  const pad = new Pad(parent.querySelector(".pad"), host)
  signal.addEventListener("abort", () => pad.sender.stop())
  return (data) => pad.receive(data)
})

class Pad {
  constructor(root, host) {
    this.root = root
    this.paper = root.querySelector("canvas")
    this.drawing = new Drawing(this.paper, SIDE)
    this.sender = new Sender((number) => {
      this.root.dataset.number = number
      host.setStateValue("drawing", { number, picture: this.drawing.picture(SENT) })
    })
    this.choice = { tool: "brush", width: 22, ink: 0 }
    this.pen = [SIDE / 2, SIDE / 2] // where the keys draw
    this.bind()
    this.show()
  }

  receive({ seen, ghost }) {
    if (ghost !== this.ghost) {
      this.ghost = ghost
      const image = this.root.querySelector(".ghost")
      image.hidden = !ghost
      if (ghost) image.src = ghost
      else image.removeAttribute("src")
    }
    this.sender.answered(seen)
    if (!this.greeted) {
      this.greeted = true
      // After a page switch or a refresh the server has forgotten the drawing.
      if (!this.drawing.empty && !seen) this.sender.send()
    }
  }

  // Hands

  bind() {
    const { paper } = this
    paper.onpointerdown = (event) => this.down(event)
    paper.onpointermove = (event) => this.move(event)
    paper.onpointerup = paper.onpointercancel = (event) => this.up(event)
    paper.onpointerenter = (event) => this.cursor(event)
    paper.onpointerleave = () => this.mark()
    paper.onkeydown = (event) => this.key(event)
    paper.onfocus = () => paper.matches(":focus-visible") && this.mark(this.pen)
    paper.onblur = () => {
      this.lift()
      this.mark()
    }
    paper.oncontextmenu = (event) => event.preventDefault()
    for (const button of this.root.querySelectorAll("[data-set]")) {
      const [name, value] = button.dataset.set.split(":")
      button.onclick = () => {
        this.choice[name] = name === "tool" ? value : Number(value)
        if (name === "ink" && this.choice.tool === "eraser") this.choice.tool = "brush"
        this.show()
      }
    }
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.onclick = () => this.change(button.dataset.do)
    }
    this.root.onkeydown = (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return
      event.preventDefault()
      this.change(event.shiftKey ? "redo" : "undo")
    }
  }

  place(event) {
    const box = this.paper.getBoundingClientRect()
    const scale = SIDE / box.width
    return [event.clientX - box.left, event.clientY - box.top].map((value) =>
      Math.round(value * scale),
    )
  }

  down(event) {
    // A second finger and the right mouse button draw nothing.
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    this.root.focus({ preventScroll: true })
    this.press(this.place(event))
    if (!this.stroke) return
    this.pointer = event.pointerId
    capture(this.paper, event.pointerId)
  }

  // Put the tool down: Fill is done at once, a stroke begins.
  press([x, y]) {
    const { tool, width, ink } = this.choice
    if (tool === "fill") {
      const problem = this.drawing.fill(inside(x), inside(y), ink)
      this.show(problem)
      if (!problem) this.finish()
      return
    }
    const shade = tool === "eraser" ? 255 : ink
    this.stroke = this.drawing.add({ points: [x, y], width, ink: shade })
    this.show()
    this.drawn()
  }

  move(event) {
    this.cursor(event)
    if (!this.stroke || event.pointerId !== this.pointer) return
    const passed = event.getCoalescedEvents?.() ?? []
    for (const point of passed.length ? passed : [event]) {
      this.drawing.extend(this.stroke, ...this.place(point))
    }
    this.drawn()
  }

  up(event) {
    if (event.pointerId === this.pointer) this.lift()
  }

  lift() {
    if (!this.stroke) return
    this.stroke = this.pointer = undefined
    // Often the last picture of the stroke is under way already, and its answer is the final one.
    this.finish(this.sender.changed)
  }

  // Arrow keys move the pen; Space puts it down and lifts it again.
  key(event) {
    const way = ARROWS[event.key]
    if ((!way && event.key !== " ") || this.pointer !== undefined) return
    event.preventDefault()
    if (way) {
      this.pen = this.pen.map((value, axis) => inside(value + way[axis] * STEP))
      if (this.stroke) {
        this.drawing.extend(this.stroke, ...this.pen)
        this.drawn()
      }
    } else if (this.stroke) this.lift()
    else if (!event.repeat) this.press(this.pen)
    this.mark(this.pen)
    const [column, row] = this.pen.map((value) => Math.round(value / STEP))
    this.root.querySelector(".pen").textContent = this.stroke
      ? say("Pen down, column {column}, row {row} of 28", { column, row })
      : say("Pen up, column {column}, row {row} of 28", { column, row })
  }

  drawn() {
    this.sender.changed = true
    this.sender.offer()
  }

  finish(send = true) {
    this.drawing.finish()
    this.show()
    if (send) this.sender.send()
  }

  // Undo, redo or clear, where there is something to do it to.
  change(what) {
    if (this.stroke || (what === "redo" ? !this.drawing.undone.length : this.drawing.empty)) return
    this.drawing[what]()
    this.show()
    this.sender.send()
  }

  // What the buttons and the pointer show

  show(problem) {
    for (const button of this.root.querySelectorAll("[data-set]")) {
      const [name, value] = button.dataset.set.split(":")
      button.setAttribute("aria-pressed", String(String(this.choice[name]) === value))
    }
    const { empty, undone } = this.drawing
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.disabled = button.dataset.do === "redo" ? !undone.length : empty
    }
    this.root.querySelector(".hint").hidden = !empty
    const note = this.root.querySelector(".note")
    note.hidden = !problem
    note.textContent = PROBLEMS[problem] ?? ""
    this.root.dataset.tool = this.choice.tool
  }

  cursor(event) {
    const { left, top, width } = this.paper.getBoundingClientRect()
    const scale = SIDE / width
    const bare = event.pointerType === "touch" || this.choice.tool === "fill"
    this.mark(bare ? null : [(event.clientX - left) * scale, (event.clientY - top) * scale])
  }

  // A ring of the brush's width around a place, or none.
  mark(place = null) {
    const ring = this.root.querySelector(".cursor")
    ring.toggleAttribute("hidden", !place)
    if (!place) return
    const scale = this.paper.getBoundingClientRect().width / SIDE
    const size = this.choice.width * scale
    const [left, top] = place.map((value) => value * scale - size / 2)
    ring.style.width = ring.style.height = `${size}px`
    ring.style.transform = `translate(${left}px, ${top}px)`
  }
}

function inside(value) {
  return Math.min(SIDE - 1, Math.max(0, value))
}

function capture(paper, pointer) {
  try {
    paper.setPointerCapture(pointer)
  } catch {
    // The finger was lifted in the meantime, or the events come from a test.
  }
}
