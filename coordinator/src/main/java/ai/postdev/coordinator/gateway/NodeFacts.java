package ai.postdev.coordinator.gateway;

import ai.postdev.v1.Endpoints;
import ai.postdev.v1.Finding;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.ModelStatus;
import ai.postdev.v1.Node;
import ai.postdev.v1.QueueStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What the process knows of itself. Safe on any thread; only {@link #examine} may take long. */
public interface NodeFacts {
    /** Pid, version, roles, memory. */
    Node node();

    /** The models of this node. */
    CompletionStage<List<ModelStatus>> models();

    /** The figures of this node's journal, all its projects together; a lake tells only its own. */
    LakeStatus journal();

    /**
     * How this node's memory is used.
     *
     * @param change what is to be changed before; the default request changes nothing
     * @throws IllegalArgumentException if that cannot be: the message says what is expected
     */
    LakeAnswer memory(LakeRequest change);

    /** What is in RAM of this process and nobody accounts for, as it was measured last. */
    MemoryDrift drift();

    /** What waits at the bounds of this node. */
    List<QueueStatus> queues();

    /** Where this node can be reached. */
    Endpoints endpoints();

    /**
     * Checks the home, the journal and the disk.
     *
     * @param repair also rebuild what can be derived
     */
    CompletionStage<List<Finding>> examine(boolean repair);

    /** Begins the orderly end of the process; returns at once. */
    void stop();
}
