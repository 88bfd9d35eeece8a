import { getSamlMetadata } from '@/lib/auth/sso/metadata'
import { xml } from '@/lib/http/xml'

export const GET = xml(getSamlMetadata)
