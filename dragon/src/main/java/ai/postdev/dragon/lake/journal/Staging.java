package ai.postdev.dragon.lake.journal;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.journal.JournalKeys.Slot;
import ai.postdev.dragon.lake.journal.JournalWrite.Outcome;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** One commit in the making: writes are checked one by one, and a refused one leaves no trace in the batch. */
final class Staging implements AutoCloseable {
    private final JournalDatabase database;
    private final Tails tails;
    private final Origin ownOrigin;
    private final TextVersions texts;
    private final WriteBatch batch = new WriteBatch();
    private final Map<ProjectId, Map<Origin, Tails.Tail>> ends = new HashMap<>();
    private final Map<Slot, byte[]> records = new HashMap<>();
    private final Set<ContentHash> hashes = new HashSet<>();
    private JournalCounters.Change blobs = JournalCounters.Change.NONE;

    /** @param ownOrigin origin of this home */
    Staging(JournalDatabase database, Tails tails, TextVersions texts, Origin ownOrigin) {
        this.database = database;
        this.ownOrigin = ownOrigin;
        this.tails = tails;
        this.texts = texts;
    }

    Outcome stage(JournalWrite write) throws RocksDBException {
        Map<Slot, byte[]> ownRecords = new HashMap<>();
        Map<Slot, Tails.Tail> ownEnds = new HashMap<>();
        Set<ContentHash> ownHashes = new HashSet<>();
        JournalCounters.Change own = JournalCounters.Change.NONE;
        batch.setSavePoint();
        for (Blob blob : write.blobs()) {
            if (!hashes.contains(blob.hash()) && !ownHashes.contains(blob.hash()) && !stored(blob.hash())) {
                byte[] record = texts.record(
                        database,
                        blob.text(),
                        Optional.ofNullable(write.before().get(blob.hash())));
                batch.put(database.blobs(), JournalKeys.blob(blob.hash()), record);
                ownHashes.add(blob.hash());
                own = own.plus(blob.text().length, record.length);
            }
        }
        for (Operation operation : write.operations()) {
            Slot slot = new Slot(operation.project(), operation.origin(), operation.sequence());
            Slot origin = new Slot(operation.project(), operation.origin(), 1);
            Tails.Tail end = ownEnds.getOrDefault(origin, end(origin));
            byte[] record = Records.operation(operation);
            if (slot.sequence() <= end.sequence()) {
                if (!sameAs(record, slot, ownRecords)) {
                    batch.rollbackToSavePoint();
                    return new JournalWrite.Refused(
                            Reply.Reason.INVALID,
                            slot + " is already stored with another content; an origin must never use a sequence"
                                    + " twice. Ask the journal for its version vector and go on after it");
                }
                continue;
            }
            boolean goesOn = end.sequence() == 0
                    && slot.origin().equals(ownOrigin)
                    && slot.sequence() == tails.highest(slot.project()) + 1;
            if (goesOn && slot.sequence() > 1) {
                batch.put(
                        database.meta(),
                        JournalKeys.start(slot.project(), slot.origin()),
                        ByteBuffer.allocate(Long.BYTES).putLong(slot.sequence()).array());
                end = new Tails.Tail(slot.sequence(), 0, end.time());
            } else if (slot.sequence() != end.sequence() + 1) {
                batch.rollbackToSavePoint();
                return new JournalWrite.Refused(
                        Reply.Reason.INVALID,
                        slot + " leaves a gap: the next sequence of this origin is " + (end.sequence() + 1));
            }
            if (operation.body() instanceof Body.PutDocument put
                    && !hashes.contains(put.hash())
                    && !ownHashes.contains(put.hash())
                    && !stored(put.hash())) {
                batch.rollbackToSavePoint();
                return new JournalWrite.Refused(
                        Reply.Reason.INVALID,
                        slot + " refers to text " + put.hash() + " of " + put.path()
                                + ", which is neither stored nor sent along; send the text too");
            }
            batch.put(database.operations(), JournalKeys.operation(slot), record);
            ownRecords.put(slot, record);
            ownEnds.put(origin, new Tails.Tail(end.start(), slot.sequence(), later(end, operation)));
        }
        batch.popSavePoint();
        records.putAll(ownRecords);
        hashes.addAll(ownHashes);
        blobs = blobs.plus(own);
        ownEnds.forEach((slot, end) ->
                ends.computeIfAbsent(slot.project(), _ -> new HashMap<>()).put(slot.origin(), end));
        return new JournalWrite.Written(ownRecords.size());
    }

    private static HybridTime later(Tails.Tail end, Operation operation) {
        return end.time().compareTo(operation.time()) > 0 ? end.time() : operation.time();
    }

    private Tails.Tail end(Slot origin) {
        Tails.Tail staged = ends.getOrDefault(origin.project(), Map.of()).get(origin.origin());
        return staged != null ? staged : tails.of(origin.project(), origin.origin());
    }

    private boolean stored(ContentHash hash) {
        return database.db().keyExists(database.blobs(), JournalKeys.blob(hash));
    }

    private boolean sameAs(byte[] record, Slot slot, Map<Slot, byte[]> ownRecords) throws RocksDBException {
        byte[] staged = ownRecords.getOrDefault(slot, records.get(slot));
        byte[] there = staged != null ? staged : database.db().get(database.operations(), JournalKeys.operation(slot));
        return Arrays.equals(record, there)
                || there != null
                        && Records.operation(slot, there) instanceof Records.Dropped(long digest)
                        && digest
                                == Records.digest(
                                        ContentHash.of(Arrays.copyOfRange(record, Records.HEADER, record.length)));
    }

    WriteBatch batch() {
        return batch;
    }

    /** Where the origins of this commit end once it is done. */
    Map<ProjectId, Map<Origin, Tails.Tail>> ends() {
        return ends;
    }

    /** Texts that this commit adds. */
    JournalCounters.Change blobs() {
        return blobs;
    }

    @Override
    public void close() {
        batch.close();
    }
}
