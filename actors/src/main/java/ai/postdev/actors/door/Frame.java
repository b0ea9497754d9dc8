package ai.postdev.actors.door;

/**
 * One frame of the conversation over the Unix-domain socket: the caller sends a {@link Request}, the node answers with
 * any number of {@link Data} frames and one {@link End}; then the next request may follow on the same connection.
 * Arrays are handed over and never changed afterwards.
 */
public sealed interface Frame {
    /**
     * A call.
     *
     * @param method name of the RPC in {@code postdevai.v1.PostDevAi}, for example {@code Search}
     * @param deadlineMillis how long the caller waits, in milliseconds from now; 0 leaves it to the node
     * @param message the protobuf bytes of the request
     */
    record Request(String method, long deadlineMillis, byte[] message) implements Frame {}

    /**
     * An answer, or one part of a streamed answer.
     *
     * @param message protobuf bytes
     */
    record Data(byte[] message) implements Frame {}

    /**
     * The call is over.
     *
     * @param message for people; empty when all went well
     */
    record End(FaultCode code, String message) implements Frame {}
}
