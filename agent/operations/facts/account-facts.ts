import { userInfo } from 'node:os'
import { findAccount } from '../../jobs/account.ts'
import { names, content, type Facts } from './read.ts'

/** Who the facts are gathered as. */
export async function accountFacts(): Promise<Facts> {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  const account = await findAccount(String(uid))
  const info = account ?? {
    ...userInfo(),
    name: userInfo().username,
    home: userInfo().homedir,
    gecos: '',
  }
  return {
    user_id: info.name,
    user_uid: uid,
    user_gid: account?.gid ?? gid,
    user_gecos: info.gecos,
    user_dir: info.home,
    user_shell: info.shell ?? '',
    real_user_id: uid,
    effective_user_id: process.geteuid?.() ?? uid,
    real_group_id: gid,
    effective_group_id: process.getegid?.() ?? gid,
  }
}

/** The public keys of this host's sshd. */
export function hostKeyFacts(): Facts {
  const facts: Record<string, string> = {}
  for (const dir of ['/etc/ssh', '/etc/openssh', '/etc']) {
    for (const file of names(dir)) {
      const kind = /^ssh_host_(\w+)_key\.pub$/u.exec(file)?.[1]
      const [type, key] = (kind === undefined ? '' : (content(`${dir}/${file}`) ?? '')).split(' ')
      if (kind === undefined || !type || !key) continue
      facts[`ssh_host_key_${kind}_public`] = key
      facts[`ssh_host_key_${kind}_public_keytype`] = type
    }
  }
  return facts
}
