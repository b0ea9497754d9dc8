package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.history.HistoryView;
import ai.postdev.dragon.lake.metadata.MetadataView;
import ai.postdev.dragon.lake.text.TextView;
import ai.postdev.dragon.lake.vector.VectorView;

/**
 * What a read sees: the views that the four stores last handed out, and the operations they reflect. Immutable.
 *
 * @param asOf the operations that every store shows
 */
public record Views(
        CodeView code,
        TextView text,
        VectorView vector,
        HistoryView history,
        MetadataView metadata,
        VersionVector asOf) {
    Views withCode(CodeView newer, TextView newerText) {
        return new Views(newer, newerText, vector, history, metadata, asOf);
    }

    Views withVector(VectorView newer) {
        return new Views(code, text, newer, history, metadata, asOf);
    }

    Views withHistory(HistoryView newer) {
        return new Views(code, text, vector, newer, metadata, asOf);
    }

    Views withMetadata(MetadataView newer) {
        return new Views(code, text, vector, history, newer, asOf);
    }

    Views reached(Origin origin, long sequence) {
        return new Views(code, text, vector, history, metadata, asOf.with(origin, sequence));
    }
}
