// Sends small pictures while the stroke is still being drawn: one is under way at a time, the next
// one waits for its answer.

const PATIENCE = 800 // ms after which an answer is taken for lost
const PAUSE = 50 // ms between two pictures of one stroke, so that the page can breathe

class Sender {
  // `emit(number)` sends the picture as it is by then.
  constructor(emit) {
    this.emit = emit
    this.number = Date.now() // grows over refreshes too, so that an old answer is never taken
    this.sent = 0
    this.seen = 0
    this.changed = false // since the last picture
  }

  // Python has answered the picture of that number.
  answered(number) {
    this.seen = number
    if (!this.waiting || this.seen < this.sent) return
    this.waiting = false
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.offer(), PAUSE)
  }

  send() {
    this.changed = this.waiting = false
    clearTimeout(this.timer)
    this.number += 1
    this.sent = this.number
    this.sentAt = performance.now()
    this.emit(this.number)
  }

  // Send what has changed, as soon as it is the next one's turn.
  offer() {
    if (!this.changed) return
    if (this.seen < this.sent && performance.now() - this.sentAt < PATIENCE) this.waiting = true
    else this.send()
  }

  stop() {
    clearTimeout(this.timer)
  }
}
