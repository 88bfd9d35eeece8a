const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => escapes[character])

/** The part of the page that flags decide. */
export function content({ newCheckout, saleBanner }) {
  return `${saleBanner && `<p class="banner">${escapeHtml(saleBanner)}</p>`}
<p class="checkout">${newCheckout ? 'Pay in one step.' : 'Pay in three steps.'}</p>`
}

/** The whole page. Its script takes over the content whenever the server sends a newer one. */
export function page(visitor, flags) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour Supply</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<main>
<h1>Harbour Supply</h1>
<div id="content">${content(flags)}</div>
<footer>You are ${escapeHtml(visitor)}. <a href="/">Be someone else</a></footer>
</main>
<script type="module">
  const changes = new EventSource('/changes' + location.search)
  changes.onmessage = ({ data }) => { document.getElementById('content').innerHTML = JSON.parse(data) }
</script>
</html>`
}
