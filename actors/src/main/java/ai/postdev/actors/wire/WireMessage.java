package ai.postdev.actors.wire;

/**
 * Marks a message that may cross from one node to another. Kryo encodes it; every class that can travel is registered
 * in the wire catalogue. A protocol that never leaves its node does not implement this.
 */
public interface WireMessage {}
