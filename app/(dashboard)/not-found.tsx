import { NothingHere } from '../_components/nothing-here'

/** Inside the frame of the dashboard, which has the landmark. */
export default function NotFound() {
  return <NothingHere />
}
