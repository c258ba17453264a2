// The quick sketch pad: pointer, buttons, and what they show.

const SIDE = 560 // pixels of the paper; the page scales it
const SENT = 280 // pixels of what is sent
const PROBLEMS = {
  line: "That is a line. Tap the area inside it.",
  open: "Nothing encloses this place. Close the outline, then fill it.",
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
    const [x, y] = this.place(event)
    const { tool, width, ink } = this.choice
    if (tool === "fill") {
      const inside = (value) => Math.min(SIDE - 1, Math.max(0, value))
      const problem = this.drawing.fill(inside(x), inside(y), ink)
      this.show(problem)
      if (!problem) this.finish()
      return
    }
    capture(this.paper, event.pointerId)
    const shade = tool === "eraser" ? 255 : ink
    this.stroke = this.drawing.add({ points: [x, y], width, ink: shade })
    this.show()
    this.drawn()
  }

  move(event) {
    this.cursor(event)
    if (!this.stroke || !event.isPrimary) return
    const passed = event.getCoalescedEvents?.() ?? []
    for (const point of passed.length ? passed : [event]) {
      this.drawing.extend(this.stroke, ...this.place(point))
    }
    this.drawn()
  }

  up(event) {
    if (!this.stroke || !event.isPrimary) return
    this.stroke = undefined
    // Often the last picture of the stroke is under way already, and its answer is the final one.
    this.finish(this.sender.changed)
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
    const mark = this.root.querySelector(".cursor")
    if (event.pointerType === "touch" || this.choice.tool === "fill") {
      mark.setAttribute("hidden", "")
      return
    }
    const box = this.paper.getBoundingClientRect()
    const size = (this.choice.width * box.width) / SIDE
    const [left, top] = [event.clientX - box.left - size / 2, event.clientY - box.top - size / 2]
    mark.removeAttribute("hidden")
    mark.style.width = mark.style.height = `${size}px`
    mark.style.transform = `translate(${left}px, ${top}px)`
  }
}

function capture(paper, pointer) {
  try {
    paper.setPointerCapture(pointer)
  } catch {
    // The finger was lifted in the meantime, or the events come from a test.
  }
}
