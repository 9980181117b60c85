

import os   

INSTALLED_APPS = [  

   'gallery.apps.GalleryConfig', #added  

   'django.contrib.admin',  

   'django.contrib.auth',  

   'django.contrib.contenttypes',  

   'django.contrib.sessions',  

   'django.contrib.messages',  

   'django.contrib.staticfiles'  

]  

MEDIA_URL = '/media/'  

MEDIA_ROOT = os.path.join(BASE_DIR, 'media/')  
