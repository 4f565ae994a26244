/** fast-check with a fixed seed, so that what one run of the tests says, the next one says too. */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['ERRAND_TEST_SEED'] ?? 1) })

export default fc
