package ai.postdev.actors.op;

import ai.postdev.actors.code.Language;
import ai.postdev.store.v1.StoredAppendEvent;
import ai.postdev.store.v1.StoredDropEvents;
import ai.postdev.store.v1.StoredNodeKey;
import ai.postdev.store.v1.StoredOperation;
import ai.postdev.store.v1.StoredPinEvent;
import ai.postdev.store.v1.StoredPutDocument;
import ai.postdev.store.v1.StoredPutEdge;
import ai.postdev.store.v1.StoredPutEmbedding;
import ai.postdev.store.v1.StoredPutNode;
import ai.postdev.store.v1.StoredRemoveDocument;
import ai.postdev.store.v1.StoredRemoveEdge;
import ai.postdev.store.v1.StoredRemoveNode;
import ai.postdev.store.v1.StoredSetSetting;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Operations to durable bytes and back. Deterministic: equal operations give equal bytes. */
public final class OperationCodec {
    private OperationCodec() {}

    /** The durable bytes of {@code operation}. */
    public static byte[] encode(Operation operation) {
        StoredOperation.Builder stored = StoredOperation.newBuilder()
                .setProject(operation.project().value())
                .setOrigin(operation.origin().value())
                .setSequence(operation.sequence())
                .setHybridTime(operation.time().value());
        switch (operation.body()) {
            case Body.PutDocument put ->
                stored.setPutDocument(StoredPutDocument.newBuilder()
                        .setWorkspace(put.workspace().value())
                        .setPath(put.path())
                        .setContentHash(ByteString.copyFrom(put.hash().toBytes()))
                        .setSize(put.size())
                        .setLanguage(put.language().id())
                        .setModifiedMillis(put.modifiedMillis())
                        .setFileSize(put.fileSize()));
            case Body.RemoveDocument remove ->
                stored.setRemoveDocument(StoredRemoveDocument.newBuilder()
                        .setWorkspace(remove.workspace().value())
                        .setPath(remove.path()));
            case Body.AppendEvent event ->
                stored.setAppendEvent(StoredAppendEvent.newBuilder()
                        .setKind(event.kind())
                        .setTimeMillis(event.timeMillis())
                        .setText(event.text())
                        .putAllAttributes(event.attributes())
                        .addAllPaths(event.paths()));
            case Body.PutNode put ->
                stored.setPutNode(
                        StoredPutNode.newBuilder().setNode(stored(put.node())).putAllAttributes(put.attributes()));
            case Body.RemoveNode remove ->
                stored.setRemoveNode(StoredRemoveNode.newBuilder().setNode(stored(remove.node())));
            case Body.PutEdge put ->
                stored.setPutEdge(StoredPutEdge.newBuilder()
                        .setFrom(stored(put.from()))
                        .setType(put.type())
                        .setTo(stored(put.to()))
                        .setValidFromMillis(put.validFromMillis())
                        .putAllAttributes(put.attributes()));
            case Body.RemoveEdge remove ->
                stored.setRemoveEdge(StoredRemoveEdge.newBuilder()
                        .setFrom(stored(remove.from()))
                        .setType(remove.type())
                        .setTo(stored(remove.to())));
            case Body.PutEmbedding put ->
                stored.setPutEmbedding(StoredPutEmbedding.newBuilder()
                        .setContentHash(ByteString.copyFrom(put.hash().toBytes()))
                        .setModel(put.model())
                        .setVector(ByteString.copyFrom(bytes(put.vector()))));
            case Body.SetSetting set ->
                stored.setSetSetting(
                        StoredSetSetting.newBuilder().setKey(set.key()).setValue(set.value()));
            case Body.PinEvent pin ->
                stored.setPinEvent(StoredPinEvent.newBuilder()
                        .setEventOrigin(pin.of().value())
                        .setEventSequence(pin.sequence())
                        .setPinned(pin.pinned()));
            case Body.DropEvents drop ->
                stored.setDropEvents(StoredDropEvents.newBuilder()
                        .setKind(drop.kind())
                        .setTextBytes(drop.textBytes())
                        .setEventOrigin(drop.of().value())
                        .addAllSteps(steps(drop.sequences())));
        }
        return deterministic(stored.build());
    }

    /**
     * Reads an operation.
     *
     * @throws IllegalArgumentException if the bytes are no operation that this version knows
     */
    public static Operation decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    /**
     * Reads an operation from the bytes that follow {@code offset}.
     *
     * @throws IllegalArgumentException if they are no operation that this version knows
     */
    public static Operation decode(byte[] bytes, int offset) {
        StoredOperation stored;
        try {
            stored = StoredOperation.parseFrom(ByteBuffer.wrap(bytes, offset, bytes.length - offset));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not an operation: " + e.getMessage(), e);
        }
        return new Operation(
                new ProjectId(stored.getProject()),
                new Origin(stored.getOrigin()),
                stored.getSequence(),
                new HybridTime(stored.getHybridTime()),
                body(stored));
    }

    private static Body body(StoredOperation stored) {
        return switch (stored.getBodyCase()) {
            case PUT_DOCUMENT -> {
                StoredPutDocument put = stored.getPutDocument();
                yield new Body.PutDocument(
                        new WorkspaceId(put.getWorkspace()),
                        put.getPath(),
                        ContentHash.fromBytes(put.getContentHash().toByteArray()),
                        put.getSize(),
                        Language.byId(put.getLanguage()),
                        put.getModifiedMillis(),
                        put.getFileSize());
            }
            case REMOVE_DOCUMENT ->
                new Body.RemoveDocument(
                        new WorkspaceId(stored.getRemoveDocument().getWorkspace()),
                        stored.getRemoveDocument().getPath());
            case APPEND_EVENT -> {
                StoredAppendEvent event = stored.getAppendEvent();
                yield new Body.AppendEvent(
                        event.getKind(),
                        event.getTimeMillis(),
                        event.getText(),
                        event.getAttributesMap(),
                        event.getPathsList());
            }
            case PUT_NODE ->
                new Body.PutNode(
                        key(stored.getPutNode().getNode()), stored.getPutNode().getAttributesMap());
            case REMOVE_NODE -> new Body.RemoveNode(key(stored.getRemoveNode().getNode()));
            case PUT_EDGE -> {
                StoredPutEdge put = stored.getPutEdge();
                yield new Body.PutEdge(
                        key(put.getFrom()),
                        put.getType(),
                        key(put.getTo()),
                        put.getValidFromMillis(),
                        put.getAttributesMap());
            }
            case REMOVE_EDGE ->
                new Body.RemoveEdge(
                        key(stored.getRemoveEdge().getFrom()),
                        stored.getRemoveEdge().getType(),
                        key(stored.getRemoveEdge().getTo()));
            case PUT_EMBEDDING -> {
                StoredPutEmbedding put = stored.getPutEmbedding();
                yield new Body.PutEmbedding(
                        ContentHash.fromBytes(put.getContentHash().toByteArray()),
                        put.getModel(),
                        floats(put.getVector().toByteArray()));
            }
            case SET_SETTING ->
                new Body.SetSetting(
                        stored.getSetSetting().getKey(), stored.getSetSetting().getValue());
            case PIN_EVENT ->
                new Body.PinEvent(
                        new Origin(stored.getPinEvent().getEventOrigin()),
                        stored.getPinEvent().getEventSequence(),
                        stored.getPinEvent().getPinned());
            case DROP_EVENTS ->
                new Body.DropEvents(
                        stored.getDropEvents().getKind(),
                        stored.getDropEvents().getTextBytes(),
                        new Origin(stored.getDropEvents().getEventOrigin()),
                        sequences(stored.getDropEvents().getStepsList()));
            case BODY_NOT_SET ->
                throw new IllegalArgumentException("operation " + stored.getOrigin() + "/" + stored.getSequence()
                        + " has a body this version does not know; a newer version wrote it");
        };
    }

    private static List<Long> steps(List<Long> sequences) {
        List<Long> steps = new ArrayList<>(sequences.size());
        long before = 0;
        for (long sequence : sequences) {
            steps.add(sequence - before);
            before = sequence;
        }
        return steps;
    }

    private static List<Long> sequences(List<Long> steps) {
        List<Long> sequences = new ArrayList<>(steps.size());
        long last = 0;
        for (long step : steps) {
            if (step < 1) {
                throw new IllegalArgumentException(
                        "dropped sequences must ascend from 1, found a step of " + step + " after " + last);
            }
            last += step;
            sequences.add(last);
        }
        return sequences;
    }

    private static StoredNodeKey stored(NodeKey key) {
        return StoredNodeKey.newBuilder().setType(key.type()).setKey(key.key()).build();
    }

    private static NodeKey key(StoredNodeKey stored) {
        return new NodeKey(stored.getType(), stored.getKey());
    }

    private static byte[] bytes(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    private static float[] floats(byte[] bytes) {
        if (bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("a vector of " + bytes.length + " bytes is no whole number of floats");
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /** Map fields in key order, so that golden bytes hold on every run. */
    private static byte[] deterministic(StoredOperation stored) {
        byte[] bytes = new byte[stored.getSerializedSize()];
        com.google.protobuf.CodedOutputStream out = com.google.protobuf.CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            stored.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (java.io.IOException e) {
            throw new IllegalStateException("an array of the exact size cannot overflow", e);
        }
        return bytes;
    }
}
