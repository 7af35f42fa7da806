"""When a screen of Streamlit's is drawn.

Streamlit says on its page whether the script has run to its end. A page that was pressed just now, and has not heard of
the new run yet, says so too: that was the run before. So the page is listened to as well.
"""

from __future__ import annotations

# For `add_init_script`: notes what a person did that the page has not taken in yet, what it asked the server that was
# not answered yet, and a run that ended for another one to begin.
LISTENS = """(() => {
  const [BEGUN, ENDED, FOR_ANOTHER] = [4, 6, 2];  // new_session, script_finished and its value, in ForwardMsg.proto
  const send = WebSocket.prototype.send;
  const heard = new WeakSet();
  let [asked, ended] = [0, 0];
  window.unanswered = window.another = window.touched = false;
  const told = (data) => {  // the field that says what a message is, and its number
    const bytes = new Uint8Array(data);
    let at = 0;
    const number = () => {
      let [n, shift, byte] = [0, 1, 0];
      do { byte = bytes[at++]; n += (byte & 127) * shift; shift *= 128; } while (byte & 128);
      return n;
    };
    while (at < bytes.length) {
      const [tag, value] = [number(), number()];
      if ([BEGUN, ENDED].includes(tag >> 3)) return [tag >> 3, value];
      if ((tag & 7) === 2) at += value;
    }
    return [];
  };
  const hear = (message) => {
    const [what, value] = told(message.data);
    if (what === ENDED && value === FOR_ANOTHER) [window.another, ended] = [true, ended + 1];
    const [n, m] = [asked, ended];
    setTimeout(() => {  // the page has taken it in by then
      if (n === asked) window.unanswered = false;
      if (m === ended && what === BEGUN) window.another = false;
    }, 100);
  };
  WebSocket.prototype.send = function (...said) {
    if (!heard.has(this)) this.addEventListener("message", hear);
    heard.add(this);
    asked += 1;
    window.unanswered = true;
    return send.apply(this, said);
  };
  const touched = () => {
    window.touched = true;
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { window.touched = false; })));
  };
  for (const act of ["pointerup", "click", "keydown", "input", "change"]) window.addEventListener(act, touched, true);
})()"""

# Whether `app`, Streamlit's part of the page, is not drawn yet; in a page that does not listen, as far as it says. It
# has its own look, of `screens.css`, a moment after its words.
BUSY = (
    "app.dataset.testScriptState !== 'notRunning' || window.touched || window.unanswered || window.another"
    " || !getComputedStyle(app).getPropertyValue('--wb-line')"
)
