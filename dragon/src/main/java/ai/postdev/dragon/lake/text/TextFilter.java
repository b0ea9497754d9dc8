package ai.postdev.dragon.lake.text;

import ai.postdev.actors.code.Language;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;

/**
 * Narrows a search.
 *
 * @param path a glob on the project-relative path
 * @param language only documents of this language
 */
public record TextFilter(Optional<PathGlob> path, Optional<Language> language) {
    List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        path.ifPresent(
                glob -> queries.add(new RegexpQuery(new Term(TextIndex.KEY, "[^\0]*\0" + glob.automatonPattern()))));
        language.ifPresent(wanted -> queries.add(new TermQuery(new Term(TextIndex.LANGUAGE, wanted.id()))));
        return queries;
    }
}
