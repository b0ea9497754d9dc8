package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.vector.VectorView;
import java.util.Optional;

/**
 * How much of a past moment can be found by meaning. What changed before it was embedded, or was never in the lake, has
 * no embedding, and no search by meaning finds it: the answer says so. Pure.
 */
final class PastMeaning {
    private PastMeaning() {}

    /**
     * Tells {@code deadline} what a search by meaning of {@code then} lacks. Texts that are the same today are not looked
     * at: a question about the present would lack them as well.
     */
    static void check(CodeView now, CodeView then, Scope scope, VectorView vectors, String model, Deadline deadline) {
        int changed = 0;
        int lacking = 0;
        for (Document document : then.documents()) {
            Optional<Document> today = now.document(document.workspace(), document.path());
            if (document.size() == 0
                    || !scope.holds(document)
                    || today.isPresent() && today.get().hash().equals(document.hash())) {
                continue;
            }
            if (deadline.passedFor("meaning of the past")) {
                return;
            }
            changed++;
            lacking += isEmbedded(then, document.hash(), vectors, model) ? 0 : 1;
        }
        if (lacking > 0) {
            deadline.lacks("meaning: " + lacking + " of the " + changed
                    + " texts that have changed since then were never embedded and are not found by meaning; search"
                    + " them by words");
        }
    }

    private static boolean isEmbedded(CodeView then, ContentHash text, VectorView vectors, String model) {
        return then.syntax(text).isPresent()
                && then.chunkHashes(text).stream().allMatch(chunk -> vectors.contains(model, chunk));
    }
}
