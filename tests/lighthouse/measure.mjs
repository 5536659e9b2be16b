// Lighthouse on the addresses given, in the Chromium of the machine: one JSON line a page on standard output.
//   node measure.mjs <chromium> <address>…
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const [chromePath, ...addresses] = process.argv.slice(2)
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo']
const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', '--no-sandbox', '--lang=fr', '--disable-gpu'] })
try {
  for (const address of addresses) {
    const options = { port: chrome.port, onlyCategories: CATEGORIES, output: 'json', logLevel: 'error', locale: 'fr' }
    const { lhr } = await lighthouse(address, options)
    const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(100 * (lhr.categories[name]?.score ?? 0))]))
    const missed = Object.values(lhr.categories)
      .filter((category) => category.id !== 'performance')
      .flatMap((category) => category.auditRefs.filter((audit) => audit.weight > 0).map((audit) => lhr.audits[audit.id]))
      .filter((audit) => audit.score !== null && audit.score < 1)
      .map((audit) => `${audit.id} : ${audit.title}`)
    const shift = lhr.audits['cumulative-layout-shift']?.numericValue ?? null
    console.log(JSON.stringify({ address, scores, shift, missed, failed: lhr.runtimeError?.message ?? '' }))
  }
} finally {
  await chrome.kill()
}
