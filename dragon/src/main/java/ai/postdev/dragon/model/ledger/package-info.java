/**
 * How much memory models hold, which may be loaded, and which makes room for it: a pure state machine on the one ledger of
 * {@link ai.postdev.dragon.memory.Memory}.
 */
package ai.postdev.dragon.model.ledger;
