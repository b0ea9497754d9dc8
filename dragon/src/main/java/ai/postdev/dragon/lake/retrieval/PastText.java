package ai.postdev.dragon.lake.retrieval;

import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.code.Document;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.text.TextView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ranked text of a past moment: the present index for all that has not changed since, and an index in memory, made
 * for this one request, for all that has.
 */
final class PastText implements AutoCloseable {
    private final TextIndex versions = TextIndex.inMemory();
    private final TextView view;

    PastText(CodeView now, CodeView then, TextView present, long bytesMax, Deadline deadline) {
        List<Document> changed = new ArrayList<>();
        long bytes = 0;
        for (Document document : then.documents()) {
            Optional<Document> today = now.document(document.workspace(), document.path());
            if (today.isPresent() && today.get().hash().equals(document.hash())) {
                continue;
            }
            changed.add(document);
            bytes += document.size();
            if (bytes > bytesMax) {
                deadline.lacks(
                        "text of the past: more than " + bytesMax + " bytes have changed since; narrow the time");
                break;
            }
            if (deadline.passedFor("text of the past")) {
                break;
            }
            then.text(document.hash()).ifPresent(utf8 -> versions.documentPut(document, utf8));
        }
        versions.refresh(0);
        view = present.replacing(versions.current(), changed);
    }

    TextView view() {
        return view;
    }

    @Override
    public void close() {
        versions.close();
    }
}
