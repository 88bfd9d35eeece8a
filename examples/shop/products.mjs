/** What the shop sells. Prices are in euro cents; `shape` is the SVG path of the drawing. */
export const products = [
  {
    id: 'anchor',
    name: 'Folding anchor',
    price: 3900,
    shape: 'M32 10v38M24 18h16M12 38c2 10 10 16 20 16s18-6 20-16M32 10a4 4 0 1 1 .01 0',
  },
  {
    id: 'lantern',
    name: 'Storm lantern',
    price: 2450,
    shape: 'M24 24h16v24H24zM20 48h24M22 24c0-8 20-8 20 0M32 30c4 5 4 8 0 12c-4-4-4-7 0-12M32 12v4',
  },
  {
    id: 'rope',
    name: 'Braided rope',
    price: 1890,
    shape: 'M32 14a18 18 0 1 0 .01 0M32 22a10 10 0 1 0 .01 0M48 42l8 10M32 30a2 2 0 1 0 .01 0',
  },
  {
    id: 'compass',
    name: 'Brass compass',
    price: 5600,
    shape: 'M32 10a22 22 0 1 0 .01 0M32 18l5 14-5 14-5-14zM32 10v4M32 50v4M10 32h4M50 32h4',
  },
  {
    id: 'buoy',
    name: 'Mooring buoy',
    price: 3200,
    shape: 'M32 8v6M26 14h12l6 26H20zM14 46c6-4 10 4 18 0s12 4 18 0M20 40h24',
  },
  { id: 'pennant', name: 'Signal pennant', price: 1250, shape: 'M18 8v48M18 12l32 10-32 10' },
]

export const euros = (cents) =>
  new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' }).format(cents / 100)
