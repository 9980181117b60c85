from django.contrib import admin   
from django.conf import settings #added
from django.conf.urls.static import static #added
from django.urls import path, include  

urlpatterns = [  
   path('', include('gallery.urls')),  
   path('admin/', admin.site.urls),  

]  

if settings.DEBUG:  
    urlpatterns += static(settings.MEDIA_URL,  
                          document_root=settings.MEDIA_ROOT)  
