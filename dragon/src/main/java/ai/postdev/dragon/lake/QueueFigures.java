package ai.postdev.dragon.lake;

/**
 * Work that waits at a bound.
 *
 * @param name in answers
 * @param waiting now
 * @param max that may wait; beyond it work is refused
 * @param refused since the node started
 */
public record QueueFigures(String name, long waiting, long max, long refused) {}
