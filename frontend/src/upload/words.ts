// The words of sending and waiting, in the page's language.

const FRENCH = {
  sending: "Envoi : {done} sur {total}, {percent} %, {rate}/s",
  left: ", encore {time} environ",
  waiting: "Connexion perdue. L’envoi reprendra tout seul là où il en était.",
  resumed: "L’envoi reprend là où il en était.",
  sent: "Le fichier est envoyé. Lecture…",
  cancelled: "L’envoi est annulé. Rien n’a été gardé.",
  cancel: "Annuler l’envoi",
  refused: "Le fichier n’a pas pu être envoyé : {reason}",
  lost: "Le serveur ne répond plus. La page réessaie.",
  seconds: "{n} s",
  minutes: "{n} min",
};

const ENGLISH: typeof FRENCH = {
  sending: "Sending: {done} of {total}, {percent}%, {rate}/s",
  left: ", about {time} left",
  waiting: "Connection lost. Sending will go on by itself from where it was.",
  resumed: "Sending goes on from where it was.",
  sent: "The file is sent. Reading…",
  cancelled: "Sending was cancelled. Nothing was kept.",
  cancel: "Cancel",
  refused: "The file could not be sent: {reason}",
  lost: "The server no longer answers. The page tries again.",
  seconds: "{n} s",
  minutes: "{n} min",
};

const language = document.documentElement.lang.startsWith("en") ? "en" : "fr";
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const UNITS = language === "en" ? ["bytes", "kB", "MB", "GB"] : ["octets", "ko", "Mo", "Go"];

export function say(key: keyof typeof FRENCH, filling: Record<string, string> = {}): string {
  return (language === "en" ? ENGLISH : FRENCH)[key].replace(/\{(\w+)\}/g, (_whole, name: string) => filling[name] ?? "");
}

/** Bytes as people read them, in powers of a thousand. */
export function size(bytes: number): string {
  const rank = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1);
  return `${numbers.format(bytes / 1000 ** rank)} ${UNITS[rank]}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return say("seconds", { n: numbers.format(Math.max(Math.ceil(seconds), 1)) });
  return say("minutes", { n: numbers.format(Math.ceil(seconds / 60)) });
}
