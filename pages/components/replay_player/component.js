// The replay player. All moments are here; moving between them asks the server nothing.

const STEP = 700 // ms from one moment to the next while playing

export default define((parent, _host, signal) => {
  const player = new Player(parent.querySelector(".replay"), signal)
  signal.addEventListener("abort", () => player.stop())
  return (data) => player.receive(data)
})

class Player {
  constructor(root, signal) {
    this.root = root
    this.at = 0 // where the picture is, between moments while it moves
    this.goal = 0 // the moment it moves to
    this.item = -1 // the followed validation image, -1 for the visitor's own item
    const find = (selector) => root.querySelector(selector)
    this.scrubber = find(".scrubber")
    this.button = find(".play")
    this.scrubber.oninput = () => {
      this.stop()
      this.go(Number(this.scrubber.value))
    }
    this.stop()
    this.button.onclick = () => (this.timer ? this.stop() : this.play())
    const canvas = find(".map canvas")
    canvas.onclick = (event) => this.pick(event.offsetX, event.offsetY)
    const redraw = () => this.count && this.draw()
    const size = new ResizeObserver(redraw)
    size.observe(find(".panels"))
    signal.addEventListener("abort", () => size.disconnect())
    // A change of theme changes colours that canvases have taken over.
    const dark = matchMedia("(prefers-color-scheme: dark)")
    dark.addEventListener("change", redraw, { signal })
  }

  receive(data) {
    const content = JSON.stringify(data)
    if (content === this.content) return
    this.content = content
    const first = !this.data
    this.data = data
    this.count = data.moments.length
    this.probabilities = bytes(data.followed)
    this.filters = new Int8Array(bytes(data.filters).buffer)
    this.scrubber.max = this.count - 1
    for (const [name, color] of Object.entries(data.colors))
      this.root.style.setProperty(`--${name}`, color)
    const items = data.truths.length
    if (this.item >= items || first) this.item = data.own ? -1 : (data.undecided[0] ?? 0)
    this.root.querySelector(".map").hidden = !items
    this.root.querySelector(".matrix").hidden = !items
    this.root.querySelector(".item").hidden = !items && !data.own
    this.sheet = `url(data:image/png;base64,${data.sheet})`
    this.across = Math.max(1, Math.ceil(Math.sqrt(items)))
    this.down = Math.max(1, Math.ceil(items / this.across))
    this.root.hidden = false
    makeCurves(this)
    this.makeMatrix()
    this.makeBars()
    this.makeChoices()
    this.follow(this.item)
    this.at = this.goal = first ? this.count - 1 : Math.min(this.goal, this.count - 1)
    this.settle()
  }

  probability(moment, item, label) {
    return this.probabilities[(moment * this.data.truths.length + item) * 10 + label]
  }

  // The ten probabilities, 0 to 255, of the followed item; null where the own item was not asked.
  answer(moment) {
    if (this.item < 0) return this.data.own?.probabilities[moment] ?? null
    const start = (moment * this.data.truths.length + this.item) * 10
    return Array.from(this.probabilities.subarray(start, start + 10))
  }

  // Moving

  play() {
    if (this.goal === this.count - 1) this.jump(0)
    this.timer = setInterval(() => {
      if (this.goal >= this.count - 1) this.stop()
      else this.go(this.goal + 1)
    }, STEP)
    this.button.textContent = `❚❚ ${say("Pause")}`
    this.button.setAttribute("aria-label", say("Pause"))
  }

  stop() {
    clearInterval(this.timer)
    cancelAnimationFrame(this.frame)
    this.timer = null
    this.button.textContent = `▶ ${say("Play")}`
    this.button.setAttribute("aria-label", say("Play"))
  }

  jump(moment) {
    this.at = this.goal = moment
    this.settle()
  }

  go(moment) {
    this.goal = moment
    const start = this.at,
      began = performance.now()
    const calm =
      matchMedia("(prefers-reduced-motion: reduce)").matches || Math.abs(moment - start) > 3
    cancelAnimationFrame(this.frame)
    this.say()
    const step = (time) => {
      const share = calm ? 1 : Math.min(1, Math.max(0, time - began) / (STEP * 0.6))
      const eased = share * share * (3 - 2 * share)
      this.at = start + (moment - start) * eased
      this.draw()
      if (share < 1) this.frame = requestAnimationFrame(step)
    }
    step(calm ? Infinity : began)
  }

  settle() {
    this.say()
    this.draw()
  }

  draw() {
    const at = Math.min(this.at, this.count - 1)
    drawMap(this, at)
    drawFilters(this, at)
    drawBars(this, at)
    const position = blend(this, at, (moment) => this.data.moments[moment].position)
    for (const move of this.cursors) move(position)
  }

  // What is said in words, and what only whole moments have
  say() {
    const { data, goal } = this
    this.scrubber.value = goal
    this.scrubber.setAttribute("aria-valuetext", data.moments[goal].name)
    this.root.dataset.moment = goal
    this.root.querySelector(".name").textContent = data.moments[goal].name
    const counts = data.confusions[goal]
    const total = counts.reduce((sum, value) => sum + value, 0)
    let told = ""
    if (total) {
      const right = counts.reduce((sum, value, cell) => sum + (cell % 11 ? 0 : value), 0)
      told = say("{share} % of {total} validation images right.", {
        share: digits((100 * right) / total, 1),
        total: digits(total),
      })
      const [learned, forgotten] = data.changes[goal]
      if (goal) {
        const since = say("Since the moment before: {learned} learned, {forgotten} forgotten.", {
          learned,
          forgotten,
        })
        told += ` ${since}`
      }
    }
    this.root.querySelector(".told").textContent = told
    drawMatrix(this, goal)
    this.read()
    this.steps?.forEach((step, moment) => step.classList.toggle("now-here", moment === goal))
  }

  // Following one item

  pick(left, top) {
    let nearest = -1,
      least = 18 * 18
    this.dots?.forEach(([x, y], item) => {
      const distance = (x - left) ** 2 + (y - top) ** 2
      if (distance < least) [nearest, least] = [item, distance]
    })
    if (nearest >= 0) this.follow(nearest)
  }

  show(element, item) {
    element.style.backgroundImage = item < 0 ? `url(${this.data.own.picture})` : this.sheet
    element.style.backgroundSize =
      item < 0 ? "contain" : `${this.across * 100}% ${this.down * 100}%`
    const x = (item % this.across) / Math.max(1, this.across - 1)
    const y = Math.floor(item / this.across) / Math.max(1, this.down - 1)
    element.style.backgroundPosition = item < 0 ? "center" : `${100 * x}% ${100 * y}%`
  }

  caption(item) {
    const { data } = this
    if (item < 0) return data.own.name[0].toUpperCase() + data.own.name.slice(1)
    return say("Validation image {number}, labelled {label}", {
      number: digits(data.numbers[item]),
      label: data.classes[data.truths[item]].name,
    })
  }

  follow(item) {
    if (item < 0 ? !this.data.own : !this.data.truths.length) return
    this.item = item
    this.show(this.root.querySelector(".picture"), item)
    this.root.querySelector("figcaption").textContent = this.caption(item)
    for (const choice of this.choices)
      choice.setAttribute("aria-pressed", String(Number(choice.dataset.item) === item))
    this.steps = this.data.moments.map((moment, index) => {
      const step = document.createElement("button")
      step.type = "button"
      const answer = this.answer(index)
      const top = answer ? answer.indexOf(Math.max(...answer)) : -1
      step.style.background = top < 0 ? "transparent" : this.data.classes[top].color
      const wrong = item >= 0 && top >= 0 && top !== this.data.truths[item]
      step.classList.toggle("wrong", wrong)
      step.title = `${moment.name}: ${top < 0 ? say("not asked") : this.data.classes[top].name}`
      step.setAttribute("aria-label", step.title)
      step.tabIndex = -1 // the scrubber does the same by keyboard
      step.onclick = () => {
        this.stop()
        this.go(index)
      }
      return step
    })
    this.root.querySelector(".strip").replaceChildren(...this.steps)
    if (this.count) this.settle()
  }

  makeChoices() {
    const items = [...(this.data.own ? [-1] : []), ...this.data.undecided]
    this.choices = items.map((item) => {
      const choice = document.createElement("button")
      choice.type = "button"
      choice.dataset.item = item
      choice.title =
        item < 0
          ? this.caption(item)
          : say("{caption}; changed its answer often", { caption: this.caption(item) })
      choice.setAttribute("aria-label", choice.title)
      this.show(choice, item)
      choice.onclick = () => this.follow(item)
      return choice
    })
    this.root.querySelector(".choices").replaceChildren(...this.choices)
  }

  makeBars() {
    this.rows = this.data.classes.map(({ name, color }) => {
      const label = element("div", "", name)
      const [track, value] = [element("div", "track"), element("div", "value")]
      const fill = track.appendChild(element("div"))
      fill.style.background = color
      return { name: label, track, fill, value }
    })
    this.root
      .querySelector(".bars")
      .replaceChildren(...this.rows.flatMap(({ name, track, value }) => [name, track, value]))
  }

  makeMatrix() {
    const table = this.root.querySelector(".matrix table")
    const { classes } = this.data
    const names = classes.map(({ name }) => make("th", {}, make("span", {}, name)))
    const head = make("thead", {}, make("tr", {}, make("td"), ...names))
    const body = make("tbody")
    this.cells = []
    classes.forEach(({ name }, truth) => {
      const row = make("tr", {}, make("th", {}, name))
      classes.forEach((_, answer) => {
        const cell = make("td")
        cell.onpointerenter = cell.onclick = () => {
          this.reading = [truth, answer]
          this.read()
        }
        this.cells.push(cell)
        row.append(cell)
      })
      body.append(row)
    })
    table.replaceChildren(head, body)
  }

  read() {
    if (!this.reading) return
    const [truth, answer] = this.reading
    const { classes, confusions } = this.data
    const row = confusions[this.goal].slice(truth * 10, truth * 10 + 10)
    const total = row.reduce((sum, value) => sum + value, 0)
    const values = {
      count: row[answer],
      total,
      item: classes[truth].name,
      answer: classes[answer].name,
    }
    this.root.querySelector(".cell").textContent =
      truth === answer
        ? say("{count} of {total} × {item} recognised", values)
        : say("{count} of {total} × {item} taken for {answer}", values)
    this.cells.forEach((cell, index) =>
      cell.classList.toggle("read", index === truth * 10 + answer),
    )
  }
}
