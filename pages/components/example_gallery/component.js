// A grid of thumbnails cut from one tall picture; a click sends the example's name.

export default define((parent, host) => {
  const root = parent.querySelector(".gallery")
  root.setAttribute("aria-label", say("Examples"))
  let known
  return ({ sprite, names, titles, selected }) => {
    if (known !== names.join()) {
      known = names.join()
      const last = Math.max(1, names.length - 1)
      const buttons = names.map((name, at) => {
        const onclick = () => host.setTriggerValue("clicked", name)
        const words = { title: titles[at], "aria-label": titles[at] }
        const button = make("button", { type: "button", role: "option", ...words, onclick })
        button.style.backgroundImage = `url(${sprite})`
        button.style.backgroundPosition = `0 ${(100 * at) / last}%`
        return button
      })
      root.replaceChildren(...buttons)
    }
    Array.from(root.children).forEach((button, at) =>
      button.setAttribute("aria-selected", String(names[at] === selected)),
    )
  }
})
