package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what a person means by a few characters. */
final class Targets {
    private Targets() {}

    /** The document at a path, or the only one whose path ends with it, or that it ends with. */
    static Optional<Document> file(String named, LakeViews views) {
        String path = named.startsWith("./") ? named.substring(2) : named;
        for (WorkspaceId workspace : views.code().workspaces()) {
            Optional<Document> exact = views.code().document(workspace, path);
            if (exact.isPresent()) {
                return exact;
            }
        }
        List<Document> byTail = new ArrayList<>();
        // Whichever is the longer path: both end with the same name.
        for (Document document : views.code().documentsNamed(path.substring(path.lastIndexOf('/') + 1))) {
            boolean tail = document.path().endsWith("/" + path) || path.endsWith("/" + document.path());
            boolean known = byTail.stream().anyMatch(other -> other.path().equals(document.path()));
            if (tail && !known) {
                byTail.add(document);
            }
        }
        return byTail.size() == 1 ? Optional.of(byTail.getFirst()) : Optional.empty();
    }
}
