// refused: PICOCLAUDE_ENABLE_FILES is 0
#include <picoclaude.hpp>

picoclaude::DownloadFile file{"file_1"};
