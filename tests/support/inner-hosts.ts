/** Hosts as a URL can spell them, each of which is, or may become, an address inside. */
export const innerHosts = [
  // Loopback and "this host", in every spelling of inet_aton and of URL parsers
  ...['127.0.0.1', '127.1', '127.0.1', '127.127.127.127', '0.0.0.0', '0', '0.1.2.3', '2130706433'],
  ...['017700000001', '0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '0177.1', '0x7F.0x00.0x00.0x01'],
  ...[
    '127.0.0.1.',
    '127.0.0.01',
    '127.000.000.001',
    '00000177.0.0.1',
    '0x0000007f.1',
    '127.0x0.1',
    '4294967295',
  ],
  // Digits and dots of other scripts, and what a normalizer makes of them
  ...['１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127．0．0．1', '127｡0｡0｡1', '𝟏𝟐𝟕.𝟎.𝟎.𝟏', '١٢٧.٠.٠.١'],
  ...['ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'ｌｏｃａｌｈｏｓｔ', 'loca\u00adlhost', 'local\u200bhost', 'ſpam.ſocalhost'],
  ...['%31%32%37.0.0.1', '127.0.0.%31', '%6c%6f%63alhost', '127.0.0.1%00.example.com', '127.0.0.1%20'],
  // Private, shared, link-local, metadata
  ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.1', '0xc0a80001'],
  ...['100.64.0.1', '100.127.255.255', '100.100.100.200', '169.254.169.254', '169.254.170.2', '0xa9fea9fe'],
  ...['2852039166', '0251.0376.0251.0376', '169.254.43518', '168.63.129.16', '192.0.0.192', '169.16689662'],
  // Documentation, benchmarks, relays, multicast, reserved, broadcast
  ...[
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '198.19.255.255',
    '192.88.99.1',
    '192.31.196.1',
  ],
  ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
  // IPv6: loopback, unspecified, unique local, link-local, site-local, multicast, documentation, discard
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[0000::0001]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[febf::1]',
  ],
  ...[
    '[fec0::1]',
    '[ff02::1]',
    '[ff0e::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[100::1]',
    '[5f00::1]',
    '[3ffe::1]',
  ],
  // IPv4 in disguise: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:8.8.8.8]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::127.0.0.1]',
  ],
  ...['[::7f00:1]', '[::8.8.8.8]', '[::ffff:0:127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::8.8.8.8]'],
  ...[
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2002:808:808::1]',
    '[2001:0:7f00:1::]',
    '[2001::1]',
    '[2001:10::1]',
  ],
  ...['[2001:20::1]', '[2001:2::1]', '[fe80::5efe:7f00:1]'],
  // Zone ids
  ...['[fe80::1%25eth0]', '[::1%25lo]', '[fe80::1%eth0]', '[::1%lo]'],
  // Names of the machine and of the house
  ...[
    'localhost',
    'LOCALHOST',
    'LocalHost',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'ip6-localhost',
  ],
  ...['metadata', 'metadata.google.internal', 'metadata.google.internal.', 'instance-data', 'printer.local'],
  ...['router.lan', 'nas.home', 'db.corp', 'wiki.intranet', 'host.docker.internal', 'kubernetes.default.svc'],
  // Credentials, separators and leftovers that move the host
  ...['example.com@127.0.0.1', 'user:password@example.com', '@127.0.0.1', 'example.com\\@127.0.0.1'],
  ...[
    '127.0.0.1\\.example.com',
    'example.com#@127.0.0.1',
    '127.0.0.1?.example.com',
    '127.0.0.1/.example.com',
  ],
  ...[
    '\t127.0.0.1',
    '127.0.0.1\n',
    ' 127.0.0.1',
    '127.0.\n0.1',
    '',
    '.',
    '..',
    '[',
    '[::1',
    '::1',
    '127.0.0.1:',
  ],
] as const

/** Texts that are no address of the web at all. */
export const otherSchemes = [
  ...[
    'file:///etc/passwd',
    'ftp://example.com/',
    'gopher://127.0.0.1:6379/_x',
    'dict://127.0.0.1:11211/stat',
  ],
  ...[
    'ldap://127.0.0.1/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'ws://example.com/',
    'blob:https://example.com/x',
  ],
  ...[
    'unix:/var/run/docker.sock',
    '//127.0.0.1/',
    '/etc/passwd',
    'https:127.0.0.1',
    'https:/127.0.0.1',
    'https:///127.0.0.1',
  ],
  ...['http+unix://%2Fvar%2Frun%2Fdocker.sock/', 'https;//example.com', 'about:blank', ''],
] as const
