import {
  Cable,
  Flag,
  GitPullRequestArrow,
  History,
  Layers,
  type LucideIcon,
  Rocket,
  Users,
  UsersRound,
  Webhook,
} from 'lucide-react'
import { paths } from '@/lib/paths'
import type { ProjectRef } from './project-switcher'

export type Place = { label: string; icon: LucideIcon; href: (where: { project: string }) => string }

const places: readonly Place[] = [
  { label: 'Flags', icon: Flag, href: paths.flags },
  { label: 'Segments', icon: UsersRound, href: paths.segments },
  { label: 'Approvals', icon: GitPullRequestArrow, href: paths.approvals },
  { label: 'Environments', icon: Layers, href: paths.environments },
  { label: 'Connections', icon: Cable, href: paths.connections },
  { label: 'Webhooks', icon: Webhook, href: paths.webhooks },
  { label: 'Members', icon: Users, href: paths.projectMembers },
  { label: 'Audit', icon: History, href: paths.audit },
]

const start: Place = { label: 'Get started', icon: Rocket, href: paths.getStarted }

/** The pages of a project. The way in stands first, until the first evaluation. */
export const placesOf = ({ evaluated }: ProjectRef): readonly Place[] =>
  evaluated ? places : [start, ...places]
