import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distributionOf } from '../../../../agent/operations/facts/distribution.ts'

// Files as such systems have them in the main, and what the real one makes of them: name, version, major version, release,
// family, the file that counted and its kind.
const systems: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    {
      '/etc/os-release':
        'NAME="Red Hat Enterprise Linux"\nVERSION="9.3 (Plow)"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.3"\nPRETTY_NAME="Red Hat Enterprise Linux 9.3 (Plow)"\n',
      '/etc/redhat-release': 'Red Hat Enterprise Linux release 9.3 (Plow)\n',
      '/etc/system-release': 'Red Hat Enterprise Linux release 9.3 (Plow)\n',
    },
    ['RedHat', '9.3', '9', 'Plow', 'RedHat', '/etc/redhat-release', 'RedHat'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n',
      '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n',
      '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)\n',
      '/etc/system-release': 'CentOS Linux release 7.9.2009 (Core)\n',
    },
    ['CentOS', '7.9', '7', 'Core', 'RedHat', '/etc/redhat-release', 'RedHat'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="CentOS Stream"\nVERSION="9"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\n',
      '/etc/centos-release': 'CentOS Stream release 9\n',
      '/etc/redhat-release': 'CentOS Stream release 9\n',
    },
    ['CentOS', '9', '9', 'Stream', 'RedHat', '/etc/centos-release', 'CentOS'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n',
      '/etc/rocky-release': 'Rocky Linux release 9.3 (Blue Onyx)\n',
      '/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)\n',
    },
    ['Rocky', '9.3', '9', 'Blue Onyx', 'RedHat', '/etc/redhat-release', 'RedHat'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Oracle Linux Server"\nVERSION="8.9"\nID="ol"\nID_LIKE="fedora"\nVERSION_ID="8.9"\n',
      '/etc/oracle-release': 'Oracle Linux Server release 8.9\n',
      '/etc/redhat-release': 'Red Hat Enterprise Linux release 8.9 (Ootpa)\n',
    },
    ['OracleLinux', '8.9', '8', 'NA', 'RedHat', '/etc/oracle-release', 'OracleLinux'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Fedora Linux"\nVERSION="39 (Server Edition)"\nID="fedora"\nVERSION_ID="39"\nVERSION_CODENAME=""\n',
      '/etc/fedora-release': 'Fedora release 39 (Thirty Nine)\n',
      '/etc/redhat-release': 'Fedora release 39 (Thirty Nine)\n',
    },
    ['Fedora', '39', '39', '', 'RedHat', '/etc/redhat-release', 'RedHat'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Amazon Linux"\nVERSION="2"\nID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n',
      '/etc/system-release': 'Amazon Linux release 2 (Karoo)\n',
    },
    ['Amazon', '2', '2', 'NA', 'RedHat', '/etc/os-release', 'Amazon'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="SLES"\nVERSION="15-SP5"\nVERSION_ID="15.5"\nID="sles"\nID_LIKE="suse"\nPRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"\n',
    },
    ['SLES', '15.5', '15', '5', 'Suse', '/etc/os-release', 'SUSE'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="openSUSE Leap"\nVERSION="15.5"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.5"\n',
    },
    ['openSUSE Leap', '15.5', '15', '5', 'Suse', '/etc/os-release', 'SUSE'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="openSUSE Tumbleweed"\nID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20240101"\n',
    },
    ['openSUSE Tumbleweed', '20240101', '20240101', '', 'Suse', '/etc/os-release', 'SUSE'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Alpine Linux"\nID="alpine"\nVERSION_ID="3.19.0"\nPRETTY_NAME="Alpine Linux v3.19"\n',
      '/etc/alpine-release': '3.19.0\n',
    },
    ['Alpine', '3.19.0', '3', 'NA', 'Alpine', '/etc/alpine-release', 'Alpine'],
  ],
  [
    {
      '/etc/os-release': 'NAME="Arch Linux"\nID="arch"\nBUILD_ID="rolling"\n',
      '/etc/arch-release': '',
    },
    ['Archlinux', 'NA', 'NA', 'NA', 'Archlinux', '/etc/arch-release', 'Archlinux'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Ubuntu 22.04.3 LTS"\nNAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS (Jammy Jellyfish)"\nVERSION_CODENAME="jammy"\nID="ubuntu"\nID_LIKE="debian"\nUBUNTU_CODENAME="jammy"\n',
      '/etc/debian_version': 'bookworm/sid\n',
      '/etc/lsb-release':
        'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\nDISTRIB_DESCRIPTION="Ubuntu 22.04.3 LTS"\n',
    },
    ['Ubuntu', '22.04', '22', 'jammy', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Linux Mint"\nVERSION="21.2 (Victoria)"\nID="linuxmint"\nID_LIKE="ubuntu debian"\nVERSION_ID="21.2"\nVERSION_CODENAME="victoria"\nUBUNTU_CODENAME="jammy"\n',
      '/etc/debian_version': 'bookworm/sid\n',
      '/etc/lsb-release': 'DISTRIB_ID=LinuxMint\nDISTRIB_RELEASE=21.2\nDISTRIB_CODENAME=victoria\n',
    },
    ['Linux Mint', '21.2', '21', 'victoria', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Debian GNU/Linux 9 (stretch)"\nNAME="Debian GNU/Linux"\nVERSION_ID="9"\nVERSION="9 (stretch)"\nID="debian"\n',
      '/etc/debian_version': '9.13\n',
    },
    ['Debian', '9.13', '9', 'stretch', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Debian GNU/Linux trixie/sid"\nNAME="Debian GNU/Linux"\nVERSION_CODENAME="trixie"\nID="debian"\n',
      '/etc/debian_version': 'trixie/sid\n',
    },
    ['Debian', 'NA', 'NA', 'trixie', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"\nNAME="Raspbian GNU/Linux"\nVERSION_ID="11"\nVERSION="11 (bullseye)"\nVERSION_CODENAME="bullseye"\nID="raspbian"\nID_LIKE="debian"\n',
      '/etc/debian_version': '11.8\n',
    },
    ['Debian', '11', '11', 'bullseye', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Kali GNU/Linux Rolling"\nNAME="Kali GNU/Linux"\nVERSION="2023.4"\nID="kali"\nVERSION_ID="2023.4"\nVERSION_CODENAME="kali-rolling"\nID_LIKE="debian"\n',
      '/etc/debian_version': 'kali-rolling\n',
    },
    ['Kali', '2023.4', '2023', 'kali-rolling', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'PRETTY_NAME="Devuan GNU/Linux 5 (daedalus)"\nNAME="Devuan GNU/Linux"\nVERSION_ID="5"\nVERSION="5 (daedalus)"\nVERSION_CODENAME="daedalus"\nID="devuan"\nID_LIKE="debian"\n',
      '/etc/debian_version': '12.0\n',
    },
    ['Devuan', '5', '5', 'daedalus', 'Debian', '/etc/os-release', 'Debian'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Pop!_OS"\nVERSION="22.04 LTS"\nID="pop"\nID_LIKE="ubuntu debian"\nPRETTY_NAME="Pop!_OS 22.04 LTS"\nVERSION_ID="22.04"\nVERSION_CODENAME="jammy"\nUBUNTU_CODENAME="jammy"\n',
      '/etc/debian_version': 'bookworm/sid\n',
      '/etc/lsb-release': 'DISTRIB_ID=Pop\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\n',
    },
    ['Pop!_OS', '22.04', '22', 'jammy', 'Debian', '/etc/os-release', 'NA'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="Flatcar Container Linux by Kinvolk"\nID="flatcar"\nID_LIKE="coreos"\nVERSION="3602.2.1"\nVERSION_ID="3602.2.1"\nPRETTY_NAME="Flatcar Container Linux by Kinvolk 3602.2.1 (Oklo)"\n',
    },
    ['Flatcar', '3602.2.1', '3602', 'NA', 'Flatcar', '/etc/os-release', 'Flatcar'],
  ],
  [
    {
      '/etc/os-release':
        'NAME="CloudLinux"\nVERSION="8.9 (Anatoly Levchenko)"\nID="cloudlinux"\nID_LIKE="rhel fedora centos"\nVERSION_ID="8.9"\n',
      '/etc/redhat-release': 'CloudLinux release 8.9 (Anatoly Levchenko)\n',
    },
    ['CloudLinux', '8.9', '8', 'Anatoly Levchenko', 'RedHat', '/etc/redhat-release', 'RedHat'],
  ],
  [
    { '/etc/os-release': 'NAME="Foo OS"\nID="foo"\nVERSION_ID="1.2"\nID_LIKE="debian"\n' },
    ['Foo OS', '1.2', '1', 'NA', 'Foo OS', '/etc/os-release', 'NA'],
  ],
]

test('distributionOf() tells systems by their files as Ansible does', () => {
  const names = [
    'distribution',
    'distribution_version',
    'distribution_major_version',
    'distribution_release',
    'os_family',
    'distribution_file_path',
    'distribution_file_variety',
  ]
  for (const [files, expected] of systems) {
    const facts = distributionOf((path) => files[path]?.trim())
    const found = names.map((name) => facts[name])
    assert.deepEqual(found, expected)
  }
})

test('distributionOf() has the minor number of Debian', () => {
  const files: Readonly<Record<string, string>> = {
    '/etc/os-release': 'NAME="Debian GNU/Linux"\nID=debian\nVERSION_ID="12"\n',
    '/etc/debian_version': '12.11',
  }
  const facts = distributionOf((path) => files[path])
  assert.deepEqual(
    [facts['distribution_version'], facts['distribution_minor_version']],
    ['12.11', '11'],
  )
})
