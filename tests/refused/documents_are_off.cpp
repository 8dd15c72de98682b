// refused: PICOCLAUDE_ENABLE_DOCUMENTS is 0
#include <picoclaude.hpp>

picoclaude::Block manual = picoclaude::pdf("%PDF-1.7");
picoclaude::Block linked = picoclaude::pdf_url("https://example.org/a.pdf");
picoclaude::Block uploaded = picoclaude::document_file("file_1");
picoclaude::Block notes = picoclaude::document_text("The grass is green.");
picoclaude::Block parts = picoclaude::document_content("The grass is green.");
picoclaude::Block found = picoclaude::search_result("kb://1", "KB", picoclaude::List<picoclaude::Block>{});

void name(picoclaude::Block& block) { block.title = "Field notes"; }
