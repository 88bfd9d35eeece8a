import type { Permission } from '@/lib/control/roles'

/** What a permission is called on a page, by area. */
export const areas: readonly { area: string; permissions: readonly [Permission, string][] }[] = [
  {
    area: 'Flags',
    permissions: [
      ['flag:read', 'See flags'],
      ['flag:write', 'Prepare flags'],
      ['flag:publish', 'Publish changes'],
      ['flag:approve', 'Approve changes of others'],
      ['flag:kill', 'Kill flags'],
      ['segment:write', 'Change segments'],
      ['attribute:write', 'Say what browsers may compare'],
    ],
  },
  {
    area: 'Project',
    permissions: [
      ['project:read', 'See the project'],
      ['project:write', 'Create and change projects'],
      ['environment:write', 'Change environments'],
      ['audit:read', 'Read the audit log'],
    ],
  },
  {
    area: 'Connections',
    permissions: [
      ['key:read', 'See which SDK keys exist'],
      ['key:write', 'Create and revoke SDK keys'],
      ['webhook:read', 'See webhooks'],
      ['webhook:write', 'Change webhooks'],
    ],
  },
  {
    area: 'People',
    permissions: [
      ['member:read', 'See who is who'],
      ['member:write', 'Change people, groups and roles'],
      ['token:write', 'Manage service tokens'],
      ['sso:write', 'Configure single sign-on'],
      ['scim:write', 'Provision people by SCIM'],
    ],
  },
]
