import { euros, products } from './products.mjs'

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (char) => escapes[char])

/** Embeds data in a page without letting it end the script that holds it. */
const embed = (data) => JSON.stringify(data).replaceAll('<', '\\u003c')

const importMap = embed({
  imports: {
    '@jackstaff/openfeature-web': '/modules/jackstaff-web.js',
    '@openfeature/web-sdk': '/modules/web-sdk.js',
    '@openfeature/core': '/modules/core.js',
  },
})

function layout({ title, page, visitor, browser, main }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Harbour Supply</title>
<link rel="stylesheet" href="/shop.css">
<link rel="icon" href="data:,">
<script type="importmap">${importMap}</script>
<script type="application/json" id="browser">${embed({ ...browser, visitor, page })}</script>
<script type="module" src="/shop.js"></script>
</head>
<body>
<header class="bar">
  <a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2v20M6 4l13 4-13 4"/></svg>Harbour Supply</a>
  <nav><a href="/">Shop</a><a href="/crowd">1,000 visitors</a><span class="visitor">You are <b>${escapeHtml(visitor)}</b> · <a href="/someone-else">be someone else</a></span></nav>
</header>
${main}
</body>
</html>`
}

const reasonOf = ({ reason, errorCode }) => (errorCode ? `${reason}: ${errorCode}` : reason)

function inspector({ checkout, banner }) {
  const row = (flag, details) => `<tr data-flag="${flag}">
    <th scope="row">${flag}</th>
    <td data-side="server"><b>${escapeHtml(JSON.stringify(details.value))}</b> <i>${reasonOf(details)}</i></td>
    <td data-side="tab"><b>…</b> <i></i></td>
  </tr>`
  return `<aside class="inspector" aria-label="Flags of this page">
  <table>
    <thead><tr><th scope="col">flag</th><th scope="col">when the server rendered</th><th scope="col">in this tab, now</th></tr></thead>
    <tbody>${row('new-checkout', checkout)}${row('sale-banner', banner)}</tbody>
  </table>
  <p id="status" role="status">Connecting…</p>
</aside>`
}

const card = ({ id, name, price, shape }) => `<li class="card">
  <svg viewBox="0 0 64 64" role="img" aria-label="${name}"><path d="${shape}"/></svg>
  <h2>${name}</h2><p>${euros(price)}</p>
  <a class="buy" href="/checkout?item=${id}">Buy</a>
</li>`

export function shopPage({ visitor, flags, browser }) {
  return layout({
    title: 'Everything for a small boat',
    page: 'shop',
    visitor,
    browser,
    main: `<p id="banner" class="banner"${flags.banner.value ? '' : ' hidden'}>${escapeHtml(flags.banner.value)}</p>
<main>
  <h1>Everything for a small boat</h1>
  <p id="checkout-kind" data-new="${flags.checkout.value}">${checkoutLine(flags.checkout.value)}</p>
  <ul class="grid">${products.map(card).join('')}</ul>
</main>
${inspector(flags)}`,
  })
}

const checkoutLine = (isNew) =>
  isNew ? 'One-page checkout: pay in one step.' : 'Classic checkout: three steps.'

export function checkoutPage({ visitor, flags, browser, item }) {
  const product = products.find(({ id }) => id === item) ?? products[0]
  const steps = flags.checkout.value
    ? `<form class="one-page"><label>E-mail <input type="email" autocomplete="email"></label><label>Card <input inputmode="numeric" autocomplete="cc-number"></label><button type="button">Pay ${euros(product.price)}</button></form>`
    : `<ol class="steps"><li aria-current="step">Address</li><li>Delivery</li><li>Payment</li></ol><form><label>Street <input autocomplete="street-address"></label><button type="button">Continue to delivery</button></form>`
  return layout({
    title: 'Checkout',
    page: 'checkout',
    visitor,
    browser,
    main: `<p id="banner" class="banner"${flags.banner.value ? '' : ' hidden'}>${escapeHtml(flags.banner.value)}</p>
<main><h1>Checkout</h1><p>${product.name} · ${euros(product.price)}</p>
<p id="checkout-kind" data-new="${flags.checkout.value}">${checkoutLine(flags.checkout.value)}</p>${steps}</main>
${inspector(flags)}`,
  })
}

export function crowdPage({ visitor, crowd, browser }) {
  const share = (100 * crowd.filter(Boolean).length) / crowd.length
  return layout({
    title: 'The crowd',
    page: 'crowd',
    visitor,
    browser,
    main: `<main>
  <h1><output id="share">${share.toFixed(1)}</output> % of ${crowd.length.toLocaleString('en')} visitors get the new checkout</h1>
  <p>Each dot is a visitor, decided in this shop's own process. Change the rollout and watch them light up: nobody who had it loses it while the share grows.</p>
  <div class="crowd" id="crowd" role="img" aria-label="One dot a visitor, filled where the new checkout is theirs">${crowd.map((isNew) => `<i${isNew ? ' class="on"' : ''}></i>`).join('')}</div>
</main>`,
  })
}
