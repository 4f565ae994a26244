/** The version of errand, of both programs. */
export const errandVersion = '0.1.0'

/** The version of the protocol between controller and agent; checked at the first word. */
export const protocolVersion = 2

/** The port an agent listens on unless the inventory says otherwise (`errand_port`). */
export const defaultAgentPort = 7433
