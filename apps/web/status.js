// Says whether the stack is on, and when it is next meant to be. status.json knows the hours; which of them comes next
// depends on the clock, so it is worked out here, by the wall clock of the schedule's time zone.
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

// now: {day: 0 for Monday … 6, time: "HH:MM"}, both by the clock of the schedule's zone.
function isOpen(schedule, now) {
  return schedule.days.includes(DAYS[now.day]) && schedule.start <= now.time && now.time < schedule.stop;
}

function nextStart(schedule, now) {
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const day = (now.day + ahead) % 7;
    if (schedule.days.includes(DAYS[day]) && (ahead > 0 || now.time < schedule.start)) {
      return (ahead === 0 ? "today" : ahead === 1 ? "tomorrow" : NAMES[day]) + " " + schedule.start;
    }
  }
  return null;
}

function sentence(status, now) {
  const { stack, power, schedule } = status;
  if (schedule === "always") {
    return power === "on" ? `${stack} is always on.` : `${stack} is switched off.`;
  }
  const zone = schedule.timezone;
  if (power === "on") {
    const until = isOpen(schedule, now) ? `until ${schedule.stop} (${zone})` : "outside its hours";
    return `${stack} is running ${until}.`;
  }
  const stopped = isOpen(schedule, now) ? "is stopped although these are its hours" : "is stopped";
  return `${stack} ${stopped}; it starts ${nextStart(schedule, now)} (${zone}).`;
}

function clockOf(timezone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(new Date()).map((part) => [part.type, part.value]));
  return { day: DAYS.indexOf(parts.weekday.toLowerCase()), time: `${parts.hour}:${parts.minute}` };
}

async function show() {
  const line = document.getElementById("status");
  const answer = await fetch("/status.json", { cache: "no-store" });
  if (!answer.ok) return;
  const status = await answer.json();
  line.textContent = sentence(status, status.schedule === "always" ? null : clockOf(status.schedule.timezone));
  line.className = status.power === "on" ? "status on" : "status off";
  line.hidden = false;
}

if (typeof document !== "undefined") {
  show();
}
