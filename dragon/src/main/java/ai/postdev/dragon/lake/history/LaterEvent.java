package ai.postdev.dragon.lake.history;

import java.util.List;

/**
 * An event that followed another, of which only what is asked for is read: of hundreds of them most are passed over for
 * their kind and time alone. Not for several threads at once; valid as long as its view.
 */
public final class LaterEvent {
    private final HistoryView view;
    private final int row;
    private HistoryEvent event;

    LaterEvent(HistoryView view, int row) {
        this.view = view;
        this.row = row;
    }

    /** As {@link HistoryEvent#ordinal}. */
    public int ordinal() {
        return row;
    }

    /** As {@link HistoryEvent#kind}. */
    public String kind() {
        return view.kind(row);
    }

    /** As {@link HistoryEvent#timeMillis}. */
    public long timeMillis() {
        return view.time(row);
    }

    /** Whether it touches a file of one of these names, in whatever folder; much cheaper than its paths. */
    public boolean touches(FileNames names) {
        return view.touches(row, names);
    }

    /** As {@link HistoryEvent#paths}. */
    public List<String> paths() {
        return event == null ? view.paths(row) : event.paths();
    }

    /** As {@link HistoryEvent#text}. */
    public String text() {
        return event == null ? view.text(row) : event.text();
    }

    /** All of it; read once. */
    public HistoryEvent event() {
        if (event == null) {
            event = view.event(row);
        }
        return event;
    }
}
